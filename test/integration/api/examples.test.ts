import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { packageRoot } from '../../../src/platform/package-root.js'
import { openApiHouse, PASSWORD } from '../../helpers/api.js'
import { installClient } from '../../helpers/client-package.js'
import { until } from '../../helpers/until.js'

// What the documents give to others: the package as it is published, the example, the first client. Each runs as its reader would run it.
const house = await openApiHouse()
t.teardown(() => house.close())
const installed = await installClient()
t.teardown(() => installed.remove())

function program(file: string, args: readonly string[], env: Record<string, string>) {
  const child: ChildProcess = spawn(process.execPath, [join(installed.dir, file), ...args], {
    env: { ...process.env, ...env },
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text: Buffer) => (said += text.toString()))
  t.teardown(() => child.kill())
  return {
    child,
    says: (what: RegExp) => until(() => what.test(said), { what: `the program says ${what}; it said: ${said}` }),
    press: (keys: string) => child.stdin?.write(keys),
  }
}
const workOf = async (agentId: string) => (await house.routing.getAgent(agentId))?.work

/** A call with its pop, as the server makes it; the phone that would ring is not there. */
async function call(agentId: string) {
  const { contactId, reservation } = await house.call()
  const { id: reservationId, token, queue, deadline } = reservation!
  const promise = { reservationId, agentId, queue, token }
  const context = {
    citizen: { id: 'p1', name: '홍길동', phone: '01012345678' },
    tickets: [],
    contacts: [],
    flags: [{ kind: 'attention' }],
  }
  await house.journal.append('screenpop.created', {
    subject: `agent:${agentId}`,
    contactId,
    time: Date.now(),
    data: {
      ...promise,
      pop: {
        ...promise,
        contactId,
        deadline,
        queueLabel: { ko: '세무', en: 'Tax' },
        dialled: '120',
        caller: '01012345678',
        requirement: {},
        waitMs: 0,
        complete: true,
        context,
      },
    },
  })
  return { contactId, promise }
}
async function talkAndEnd(contactId: string, promise: { reservationId: string; token: number }) {
  await house.routing.connectContact(promise, Date.now())
  await house.routing.endTalk(contactId, 60_000, 'caller', Date.now())
}

t.test('the package: what is published, without dependencies, with types', async (t) => {
  const { manifest, files, dir } = installed
  const { types, default: main } = manifest.exports['.']!
  for (const file of [types, main]) t.ok(files.includes(file.replace(/^\.\//, '')), file)
  t.same(manifest.files, ['dist', 'README.md'])
  t.notOk('dependencies' in manifest)
  await writeFile(
    join(dir, 'use.mjs'),
    "import * as client from 'cti120-client'; console.log(Object.keys(client).join(' '))",
  )
  const { stdout } = await promisify(execFile)(process.execPath, [join(dir, 'use.mjs')])
  for (const name of ['createClient', 'connectOpenCti', 'verifyWebhook', 'CtiProblem'])
    t.match(stdout, new RegExp(`\\b${name}\\b`))
  await writeFile(
    join(dir, 'use.ts'),
    "import { createClient, type CtiEvent } from 'cti120-client'\nexport const see = (event: CtiEvent): string => (event.type === 'contact.queued' ? event.data.queue : '')\nexport const me = (): Promise<string> => createClient({}).me.get().then(({ id }) => id)\n",
  )
  const tsc = join(packageRoot(), 'node_modules/typescript/bin/tsc')
  const options = [
    '--noEmit',
    '--strict',
    '--module',
    'NodeNext',
    '--moduleResolution',
    'NodeNext',
    '--target',
    'ES2022',
  ]
  await t.resolves(
    promisify(execFile)(process.execPath, [tsc, ...options, 'use.ts'], { cwd: dir }),
    'its types hold alone',
  )
})

t.test('the console client signs in, shows who calls, answers and finishes from the keyboard', async (t) => {
  await copyFile(
    join(packageRoot(), 'examples/console-agent/console-agent.mjs'),
    join(installed.dir, 'console-agent.mjs'),
  )
  const wrong = program('console-agent.mjs', [house.url, 'a01'], { CTI_PASSWORD: 'wrong' })
  await wrong.says(/✗ CTI_ERR_SIGN_IN_FAILED/)
  await house.routing.setDevice('a01', 'up', Date.now())
  const console = program('console-agent.mjs', [house.url, 'a01'], { CTI_PASSWORD: PASSWORD })
  await console.says(/김민지: offline, idle/)
  console.press('h')
  await console.says(/✗ CTI_ERR/)
  console.press('v')
  await console.says(/· available/)
  const first = await call('a01')
  await console.says(/☎ 세무 · 홍길동 · 01012345678[\s\S]*! attention/)
  console.press('r')
  await until(async () => (await workOf('a01')) === 'idle', { what: 'it is rejected' })
  await house.routing.leaveQueue(first.contactId, 'caller_hangup', Date.now())
  const { contactId, promise } = await call('a01')
  await console.says(/☎[\s\S]*☎/)
  console.press('a')
  await console.says(/· accepted/)
  await talkAndEnd(contactId, promise)
  await console.says(/· talking {3}\[h\] hang up[\s\S]*· wrapping {3}\[1\] Answered/)
  console.press('1')
  await until(async () => (await workOf('a01')) === 'idle', { what: 'the wrap-up is finished' })
  console.press('q')
  const [code] = await once(console.child, 'exit')
  t.equal(code, 0)
  t.equal((await house.routing.getAgent('a01'))?.presence, 'offline')
})

t.test('the first client of docs/api runs as it stands there, in 40 lines', async (t) => {
  const page = await readFile(join(packageRoot(), 'docs/api/README.md'), 'utf8')
  const [, code] = /## A first client\n[\s\S]*?```js\n([\s\S]*?)```/.exec(page) ?? []
  t.ok(code !== undefined && code.trim().split('\n').length <= 40, 'no more than 40 lines')
  await writeFile(join(installed.dir, 'first.mjs'), code!)
  await house.routing.setDevice('a02', 'up', Date.now())
  const first = program('first.mjs', ['a02', PASSWORD], { API: house.url })
  await until(async () => (await house.routing.getAgent('a02'))?.presence === 'available', {
    what: 'it goes available',
  })
  const { contactId, promise } = await call('a02')
  await first.says(/call for 세무 from 01012345678/)
  await house.routing.acceptReservation(promise, 'a02', Date.now())
  await talkAndEnd(contactId, promise)
  await until(async () => (await workOf('a02')) === 'idle', { what: 'it finishes the wrap-up' })
  t.equal(first.child.exitCode, null, 'it goes on')
})

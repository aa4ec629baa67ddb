import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { packageRoot } from '../../../src/platform/package-root.js'
import { createDatabase } from '../../helpers/postgres.js'
import { TEST_KEYS } from '../../helpers/sealing.js'

const MAIN = fileURLToPath(new URL('../../../src/cli/main.js', import.meta.url))
const GAON = join(packageRoot(), 'config/gaon.yaml')

// Many short processes: a bound for a busy machine, not a measure.
t.setTimeout(300_000)

const database = await createDatabase('empty')
const dir = await mkdtemp(join(tmpdir(), 'cti-cli-'))
t.teardown(async () => {
  await database.drop()
  await rm(dir, { recursive: true })
})

function cti120(
  args: string[],
  stdin = '',
  env: Record<string, string> = { CTI_PG_URL: database.url, ...TEST_KEYS },
): Promise<{ code: number | null; out: string; err: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [MAIN, ...args], { env: { PATH: process.env.PATH, ...env } })
    let out = ''
    let err = ''
    child.stdout.on('data', (chunk) => {
      out += chunk
    })
    child.stderr.on('data', (chunk) => {
      err += chunk
    })
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, out, err }))
    child.stdin.end(stdin)
  })
}

t.test('wrong use says how', async (t) => {
  const nowhere = { CTI_PG_URL: 'postgres://cti@127.0.0.1:1/x' }
  const cases: [string[], Record<string, string> | undefined, object][] = [
    [[], undefined, { code: 2, out: /Usage: cti120/ }],
    [['dance'], undefined, { code: 2, err: /unknown command "dance"/ }],
    [['__proto__'], undefined, { code: 2, err: /unknown command/ }],
    [['apply'], undefined, { code: 2, err: /usage: cti120 apply/ }],
    [['apply', GAON, '--force'], undefined, { code: 2, err: /--force/ }],
    [['migrate'], {}, { code: 2, err: /CTI_PG_URL/ }],
    [['migrate'], nowhere, { code: 1, err: /CTI_ERR_DATABASE_UNAVAILABLE/ }],
  ]
  const answers = await Promise.all(cases.map(([args, env]) => cti120(args, '', env)))
  cases.forEach(([args, , wanted], i) => {
    t.match(answers[i], wanted, args.join(' '))
  })
})

t.test('migrate, twice', async (t) => {
  t.match(await cti120(['migrate']), { code: 0, out: /0001_centre\.sql/ })
  t.match(await cti120(['migrate']), { code: 0, out: /up to date/ })
})

t.test('check and apply tell every mistake with line and path, and change nothing', async (t) => {
  const broken = join(dir, 'broken.yaml')
  await writeFile(
    broken,
    (await readFile(GAON, 'utf8'))
      .replace('queue: tax,', 'queue: taxi,')
      .replace('device: "2002"', 'device: "2001"')
      .replace('general: 5', 'general: 6'),
  )
  for (const args of [
    ['check', broken],
    ['apply', broken, '--yes'],
  ]) {
    const { code, err } = await cti120(args)
    t.equal(code, 2)
    t.match(err, /broken\.yaml:\d+: error: numbers\[3\]\.queue: .*taxi/)
    t.match(err, /broken\.yaml:\d+: error: agents\[1\]\.device/)
    t.match(err, /broken\.yaml:\d+: error: agents\[0\]\.skills\.general/)
    t.match(err, /CTI_ERR_CENTRE_INVALID: 3 error/)
  }
  t.match(await cti120(['check', join(dir, 'none.yaml')]), { code: 2, err: /cannot be read \(ENOENT\)/ })
  t.equal((await database.postgres.query('SELECT 1 FROM centre_versions')).rowCount, 0)
})

t.test('apply: dry run, without anybody to ask, with --yes, and the difference', async (t) => {
  t.match(await cti120(['check', GAON]), { code: 0, out: /is valid: .*30 agents/ })
  t.match(await cti120(['apply', GAON, '--dry-run']), { code: 0, out: /no centre file is in force/ })
  t.match(await cti120(['apply', GAON]), { code: 2, err: /--yes/ })
  t.equal((await database.postgres.query('SELECT 1 FROM centre_versions')).rowCount, 0)
  const short = join(dir, 'short')
  await writeFile(short, 'abc\n')
  t.match(await cti120(['apply', GAON, '--yes', '--initial-password-file', short]), {
    code: 2,
    err: /CTI_ERR_PASSWORD_TOO_SHORT/,
  })
  const first = await cti120(['apply', GAON, '--yes'])
  t.match(first, { code: 0, out: /version 1 is in force now/ })
  t.match(first.out, /cannot sign in yet .*a01/)
  const password = join(dir, 'password')
  await writeFile(password, 'a-good-password\n')
  t.match(await cti120(['apply', GAON, '--yes', '--initial-password-file', password]), {
    code: 0,
    out: /no difference\nversion 1 stays/,
  })
  t.equal((await database.postgres.query('SELECT 1 FROM users WHERE password_hash IS NULL')).rowCount, 0)
  const changed = join(dir, 'changed.yaml')
  await writeFile(changed, (await readFile(GAON, 'utf8')).replace('ringSeconds: 15', 'ringSeconds: 20'))
  t.match(await cti120(['apply', changed, '--yes']), {
    code: 0,
    out: /~ queues\.general\.ringSeconds: 15 -> 20\nversion 2 is in force now/,
  })
})

t.test('keys, passwords and demo people', async (t) => {
  const made = await cti120(['api-key', 'create', '--name', 'CRM', '--scope', 'floor:read', '--days', '30'])
  t.match(made, { code: 0, out: /^cti_[\w-]{40,}\n$/ })
  const listed = await cti120(['api-key', 'list'])
  t.match(listed.out, /CRM {2}until .*floor:read/)
  t.notOk(listed.out.includes(made.out.trim()), 'the key is shown only once')
  t.match(await cti120(['api-key', 'revoke', listed.out.split(' ')[0] ?? '']), { code: 0 })
  t.match(await cti120(['api-key', 'revoke', 'none']), { code: 1, err: /CTI_ERR_API_KEY_NOT_FOUND/ })
  t.match(await cti120(['api-key', 'create', '--name', 'x', '--scope', 'everything']), {
    code: 2,
    err: /unknown scope everything/,
  })
  t.match(await cti120(['user', 'set-password', 'a01'], 'another-password\n'), { code: 0, out: /a01 set/ })
  t.match(await cti120(['user', 'set-password', 'nobody'], 'another-password\n'), {
    code: 1,
    err: /CTI_ERR_USER_NOT_FOUND/,
  })
  t.match(await cti120(['seed-demo']), { code: 0, out: /\d+ demo people made/ })
  t.match(await cti120(['seed-demo']), { code: 0, out: /there already/ })
  t.match(await cti120(['user', 'reset-totp', 'a01']), { code: 0, out: /second factor of a01 removed/ })
  t.match(await cti120(['user', 'set-password', 'a01'], 'password1234\n'), { code: 2, err: /CTI_ERR_PASSWORD_WEAK/ })
})

t.test('numbers from before are sealed by migrate, and it says when it has no keys for them', async (t) => {
  await database.postgres.query(
    `INSERT INTO citizens (id, name, phone, created_by) VALUES (gen_random_uuid(), 'P', '01055556666', 't')`,
  )
  t.match(await cti120(['migrate'], '', { CTI_PG_URL: database.url }), {
    code: 1,
    err: /1 row\(s\) hold phone numbers/,
  })
  t.match(await cti120(['migrate']), { code: 0, out: /1 row\(s\) sealed/ })
  t.match(await cti120(['migrate'], '', { CTI_PG_URL: database.url }), { code: 0, out: /up to date/ })
  const { rows } = await database.postgres.query("SELECT 1 FROM citizens WHERE phone = '01055556666'")
  t.same(rows, [])
  t.match(await cti120(['migrate'], '', { CTI_PG_URL: database.url, CTI_DATA_KEY: 'a'.repeat(64) }), {
    code: 2,
    err: /go together/,
  })
})

t.test('the access log is verified and exported by day; the export is an entry of its own', async (t) => {
  const day = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Seoul' }).format(new Date())
  const [empty, unreasoned] = await Promise.all([cti120(['audit', 'verify']), cti120(['audit', 'export', day])])
  t.match(empty, { code: 0, out: /^0 entries, unbroken/ })
  t.match(unreasoned, { code: 2, err: /--reason/ })
  const first = await cti120(['audit', 'export', day, '--reason', 'yearly review'])
  t.match(first, { code: 0, out: /"action":"export","subject":"access_log"/ })
  const verified = await cti120(['audit', 'verify'])
  t.match(verified, { code: 0, out: /^1 entries, unbroken; head 1:[0-9a-f]{64}/ })
  const [, head = ''] = /head (\S+)/.exec(verified.out) ?? []
  const otherKey = { CTI_PG_URL: database.url, ...TEST_KEYS, CTI_INDEX_KEY: '99'.repeat(32) }
  const [same, gone, wrong] = await Promise.all([
    cti120(['audit', 'verify', '--head', head]),
    cti120(['audit', 'verify', '--head', `1:${'0'.repeat(64)}`]),
    cti120(['audit', 'verify'], '', otherKey),
  ])
  t.match(same, { code: 0 })
  t.match(gone, { code: 1, err: /CTI_ERR_ACCESS_LOG_BROKEN/ })
  t.match(wrong, { code: 1, err: /entry 1 is changed/ })
})

import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { testEnvironment } from '../helpers/environment.js'

// The operator's two scripts, run for real: what they refuse, what they leave alone.
const scratch = join(testEnvironment('CTI_TEST_DIR'), `render-${process.pid}`)
const checkout = () => {
  let directory = import.meta.dirname
  while (!existsSync(join(directory, 'asterisk/render.sh'))) directory = join(directory, '..')
  return directory
}
const secrets = { CTI_ARI_PASSWORD: 'one', CTI_AMI_PASSWORD: 'two', CTI_DEMO_SIP_PASSWORD: 'three' }
const render = (out: string, env: Record<string, string>) =>
  spawnSync('sh', [join(checkout(), 'asterisk/render.sh'), out], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH ?? '', HOME: scratch, ...env },
  })

t.test('renders with defaults, and only its owner can read the passwords', async (t) => {
  const out = join(scratch, 'plain')
  const { status, stdout } = render(out, secrets)
  t.equal(status, 0)
  t.equal(stdout.trim(), join(out, 'etc/asterisk.conf'))
  t.equal(statSync(join(out, 'etc/ari-user.conf')).mode & 0o077, 0)
  t.match(readFileSync(join(out, 'etc/http.conf'), 'utf8'), /bindaddr = 127\.0\.0\.1\nbindport = 8121/)
  t.match(readFileSync(join(out, 'etc/manager.conf'), 'utf8'), /bindaddr = 127\.0\.0\.1\nport = 5121/)
  t.match(readFileSync(join(out, 'etc/pjsip.conf'), 'utf8'), /bind = 127\.0\.0\.1:5120/)
  t.notOk(existsSync(join(out, 'etc/pjsip-trunk.conf')))
  t.notOk(existsSync(join(out, 'etc/pjsip-test.conf')))
})

t.test('names what is missing or wrong, and writes nothing', async (t) => {
  const cases: [Record<string, string>, RegExp][] = [
    [{ CTI_AMI_PASSWORD: '' }, /CTI_AMI_PASSWORD is not set/],
    [{ CTI_ARI_PASSWORD: 'a\n[evil]\ntype=user' }, /CTI_ARI_PASSWORD holds a character/],
    [{ CTI_ARI_PASSWORD: 'a;b' }, /CTI_ARI_PASSWORD holds a character/],
    [{ CTI_DEMO_SIP_PASSWORD: 'a|b' }, /CTI_DEMO_SIP_PASSWORD holds a character/],
    [{ CTI_SIP_PORT: 'abc' }, /CTI_SIP_PORT must be a number/],
    [{ CTI_NODE: 'a b' }, /CTI_NODE may hold/],
    [{ CTI_ENTRY: 'direct' }, /CTI_ENTRY must be/],
    [{ CTI_DEMO_AGENTS: '2001-' }, /not a number or range/],
    [{ CTI_PBX_NODES: 'node2' }, /CTI_PBX_NODES: not NAME=HOST:PORT/],
    [{ CTI_PBX_NODES: 'no/de=10.0.0.2:5120' }, /CTI_PBX_NODES: a name may hold/],
    [{ CTI_PBX_NODES: 'node1=10.0.0.1:5120' }, /CTI_PBX_NODES names this node itself/],
  ]
  for (const [index, [env, message]] of cases.entries()) {
    const out = join(scratch, `wrong-${index}`)
    const { status, stderr } = render(out, { ...secrets, ...env })
    t.not(status, 0)
    t.match(stderr, message)
    t.notOk(existsSync(join(out, 'etc/asterisk.conf')), `nothing is written for ${message}`)
  }
})

t.test("the centre's own recording wins, and changed texts are spoken anew", async (t) => {
  const texts = join(scratch, 'ko')
  mkdirSync(texts, { recursive: true })
  for (const file of ['make-prompts.sh', 'make-music.sh', 'make-tones.sh', 'prompts.txt', 'numbers.txt'])
    copyFileSync(join(checkout(), 'asterisk/sounds/ko', file), join(texts, file))
  writeFileSync(join(texts, 'prompts.txt'), 'greet\t안녕하십니까.\nsoon\t곧 연결해 드리겠습니다.\n')
  writeFileSync(join(texts, 'numbers.txt'), 'people-3\t세 명이며,\n')
  const out = join(scratch, 'sounds')
  const make = () => execFileSync('bash', [join(texts, 'make-prompts.sh'), out], { encoding: 'utf8' })
  t.match(make(), /6 made/)
  t.match(make(), /0 made/)
  t.same(readdirSync(out).sort(), [
    '.made',
    'greet.wav',
    'music',
    'people-3.wav',
    'record-pause.wav',
    'record-resume.wav',
    'soon.wav',
  ])

  const spoken = readFileSync(join(out, 'soon.wav'))
  writeFileSync(join(out, 'greet.wav'), 'a recording of our own')
  writeFileSync(join(texts, 'prompts.txt'), 'greet\t어서 오십시오.\nsoon\t잠시만 기다려 주십시오.\n')
  t.match(make(), /1 made/)
  t.equal(readFileSync(join(out, 'greet.wav'), 'utf8'), 'a recording of our own')
  t.notSame(readFileSync(join(out, 'soon.wav')), spoken)

  const recordings = join(scratch, 'recordings')
  mkdirSync(recordings, { recursive: true })
  writeFileSync(join(recordings, 'soon.wav'), 'recorded')
  const instance = join(scratch, 'with-sounds')
  t.equal(render(instance, { ...secrets, CTI_SOUNDS_DIR: out, CTI_RECORDINGS_DIR: recordings }).status, 0)
  t.equal(readFileSync(join(instance, 'share/sounds/ko/cti/soon.wav'), 'utf8'), 'recorded')
  t.ok(existsSync(join(instance, 'share/sounds/ko/cti/people-3.wav')))
  t.ok(existsSync(join(instance, 'share/moh/waiting.wav')))
})

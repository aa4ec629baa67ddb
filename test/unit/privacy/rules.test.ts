import t from 'tap'
import { findPasswordFault } from '../../../src/api/auth/password-rules.js'
import {
  findStep,
  hashRecoveryCode,
  newRecoveryCodes,
  newTotpSecret,
  otpauthUri,
  totpAt,
} from '../../../src/api/auth/totp.js'
import { createSealing, isSealed } from '../../../src/platform/sealing.js'
import { CHAIN_BEGIN, chain, findBreak, type TimedAccess } from '../../../src/privacy/chain.js'
import { findResidentNumbers } from '../../../src/privacy/free-text.js'

const key = (hex: string) => hex.repeat(32)
const sealing = createSealing({ dataKey: key('a1'), indexKey: key('b2') })

t.test('sealing: opened by its key alone, bound to its kind, never twice the same', async (t) => {
  const [one, two] = [sealing.seal('01012345678'), sealing.seal('01012345678')]
  t.not(one, two)
  t.ok(isSealed(one))
  t.notMatch(one, /01012345678/)
  t.equal(sealing.open(one), '01012345678')
  t.equal(sealing.open('01012345678'), '01012345678', 'what was never sealed is as it was')
  const unknown = { code: 'CTI_ERR_DATA_KEY_UNKNOWN' }
  t.throws(() => sealing.open(one, 'totp'), unknown, 'another kind')
  t.throws(() => createSealing({ dataKey: key('c3'), indexKey: key('b2') }).open(one), unknown, 'another key')
  const at = one.length - 3
  t.throws(
    () => sealing.open(one.slice(0, at) + (one[at] === 'A' ? 'B' : 'A') + one.slice(at + 1)),
    unknown,
    'tampered',
  )
  t.throws(() => sealing.open('s1.'), unknown)
  t.throws(() => createSealing({ dataKey: 'short', indexKey: key('b2') }), TypeError)
  const next = createSealing({ dataKey: key('c3'), oldDataKeys: [key('a1')], indexKey: key('b2') })
  t.equal(next.open(one), '01012345678', 'an old key still opens')
  t.not(next.seal('1').slice(0, 12), one.slice(0, 12), 'and the new one seals')
  t.equal(next.index('01012345678'), sealing.index('01012345678'), 'the index stays when the data key is replaced')
})

t.test('blind index: equal numbers are equal, by number and by last four digits', async (t) => {
  t.equal(sealing.index('01012345678'), sealing.index('01012345678'))
  t.not(sealing.index('01012345678'), sealing.index('01012345679'))
  t.equal(sealing.lastFour('01099995678'), sealing.lastFour('01012345678'))
  t.equal(sealing.lastFour('01012345678'), sealing.fourDigits('5678'))
  t.equal(sealing.lastFour('7102'), undefined, 'an extension is no person')
  t.not(createSealing({ dataKey: key('a1'), indexKey: key('b3') }).index('1'), sealing.index('1'))
})

t.test('TOTP: the vectors of RFC 6238, drift, and no code twice', async (t) => {
  const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
  for (const [seconds, code] of [
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
  ] as const)
    t.equal(totpAt(secret, Math.floor(seconds / 30)), code)
  const now = 1_234_567_890_000
  const step = Math.floor(now / 30_000)
  t.equal(findStep(secret, totpAt(secret, step), now, 0), step)
  t.equal(findStep(secret, totpAt(secret, step - 1), now, 0), step - 1, 'half a minute late')
  t.equal(findStep(secret, totpAt(secret, step - 2), now, 0), undefined)
  t.equal(findStep(secret, totpAt(secret, step), now, step), undefined, 'used before')
  for (const wrong of ['', '12345', '1234567', 'abcdef', '٠٠٥٩٢٤']) t.equal(findStep(secret, wrong, now, 0), undefined)
  t.match(newTotpSecret(), /^[A-Z2-7]{32}$/)
  t.match(otpauthUri(secret, 'a b', '가온'), /^otpauth:\/\/totp\/%EA[^?]+:a%20b\?secret=GEZ/)
  const codes = newRecoveryCodes()
  t.equal(new Set(codes).size, 10)
  t.same(hashRecoveryCode(codes[0]!), hashRecoveryCode(codes[0]!.toUpperCase().replaceAll('-', ' ')))
})

t.test('passwords: long, not the name, not the usual ones', async (t) => {
  const person = { id: 'a01', name: '김민지' }
  for (const [password, fault] of [
    ['short', 'too_short'],
    ['x'.repeat(129), 'too_long'],
    ['with\u0007bell-in-it', 'control_characters'],
    ['my-a01-password', 'holds_name'],
    ['우리 김민지 비밀번호 1', 'holds_name'],
    ['qwertyuiop', 'monotonous'],
    ['0123456789', 'monotonous'],
    ['abababababab', 'monotonous'],
    ['Password1234', 'common'],
    ['1q2w3e4r5t', 'common'],
    ['dkssudgktpdy!', 'common'],
    ['correct horse battery staple', undefined],
    ['가로등이 어두운 골목길', undefined],
  ] as const)
    t.equal(findPasswordFault(password, person), fault, password)
})

t.test('resident registration numbers are found in any text of any body', async (t) => {
  const body = {
    notes: '주민 900101-1234567',
    deep: { list: ['fine', '9001012234567'], 'a/b': '850505 5123456' },
    phone: '+8613912345678',
    id: '0198c0de-0000-7000-8000-123456123456',
    count: 9001011234567,
  }
  t.same(findResidentNumbers(body), ['/notes', '/deep/list/1', '/deep/a~1b'])
  t.same(findResidentNumbers(undefined), [])
})

t.test('access log: any change, gap or exchange of rows is found', async (t) => {
  const secret = sealing.derive('access log')
  const access = (n: number): TimedAccess => ({
    id: `0198c0de-0000-7000-8000-00000000000${n}`,
    at: 1_700_000_000_000 + n,
    who: 'user:a01',
    action: 'read',
    subject: 'citizen',
    whose: [`citizen:${n}`],
    what: ['name'],
  })
  const rows = chain(secret, CHAIN_BEGIN, [1, 2, 3, 4].map(access))
  t.equal(findBreak(secret, CHAIN_BEGIN, rows), undefined)
  t.equal(findBreak(secret, rows[1]!, rows.slice(2)), undefined, 'from anywhere on')
  t.match(findBreak(secret, CHAIN_BEGIN, [rows[0]!, rows[2]!, rows[3]!]), { seq: 2, what: 'missing' })
  t.match(findBreak(secret, CHAIN_BEGIN, [rows[0]!, { ...rows[1]!, who: 'user:b' }, rows[2]!]), {
    seq: 2,
    what: 'changed',
  })
  t.match(
    findBreak(secret, CHAIN_BEGIN, [
      { ...rows[1]!, seq: 1 },
      { ...rows[0]!, seq: 2 },
    ]),
    { seq: 1 },
  )
  const forged = chain(Buffer.alloc(32, 7), CHAIN_BEGIN, [access(9)])
  t.match(findBreak(secret, CHAIN_BEGIN, forged), { seq: 1, what: 'changed' }, 'written anew without the key')
})

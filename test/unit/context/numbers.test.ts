import t from 'tap'
import { normaliseNumber } from '../../../src/context/numbers.js'

const TABLE: readonly [raw: string | undefined, normalised: string | undefined][] = [
  // mobile
  ['010-1234-5678', '01012345678'],
  ['+82 10-1234-5678', '01012345678'],
  ['+82(0)10-1234-5678', '01012345678'],
  ['00821012345678', '01012345678'],
  ['00700821012345678', '01012345678'],
  ['821012345678', '01012345678'],
  ['1012345678', '01012345678'],
  ['0111234567', '0111234567'],
  ['sip:01012345678@192.0.2.1:5060', '01012345678'],
  ['tel:+82-10-1234-5678;phone-context=x', '01012345678'],
  // Seoul and areas
  ['02-730-5800', '027305800'],
  ['+8227305800', '027305800'],
  ['0082-2-123-4567', '021234567'],
  ['031 120 0120', '0311200120'],
  // internet, personal, free, representative
  ['070-1234-5678', '07012345678'],
  ['0504-1234-5678', '050412345678'],
  ['080-123-4567', '0801234567'],
  ['1588-1234', '15881234'],
  ['+8215881234', '15881234'],
  ['1800-0000', '18000000'],
  // short codes, with and without an area code
  ['120', '120'],
  ['02120', '120'],
  ['031-120', '120'],
  ['+822120', '120'],
  ['112', '112'],
  ['1330', '1330'],
  ['1345', '1345'],
  // extensions
  ['2001', '2001'],
  // foreign
  ['+84 912 345 678', '+84912345678'],
  ['00184912345678', '+84912345678'],
  ['0033123456789', '+33123456789'],
  // withheld or nonsense
  [undefined, undefined],
  ['', undefined],
  ['anonymous', undefined],
  ['Anonymous', undefined],
  ['unknown', undefined],
  ['restricted', undefined],
  ['Unavailable', undefined],
  ['0', undefined],
  ['0000', undefined],
  ['+1', undefined],
  ['12', undefined],
  ['abc', undefined],
  ['010-1234', undefined],
  ['01012345678901234567', undefined],
  ['<script>', undefined],
  ['\r\nX: 1', undefined],
  ['😀', undefined],
  ['0'.repeat(4096), undefined],
  ['010\x001234\x005678', undefined],
]

t.test('numbers are normalised as the table says', async (t) => {
  for (const [raw, wanted] of TABLE) t.equal(normaliseNumber(raw), wanted, JSON.stringify(raw)?.slice(0, 40))
})

t.test('a normalised number stays as it is', async (t) => {
  for (const [, wanted] of TABLE) t.equal(normaliseNumber(wanted), wanted, String(wanted))
})

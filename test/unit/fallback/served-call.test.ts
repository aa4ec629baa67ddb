import t from 'tap'
import { deriveContactId, readCall } from '../../../src/fallback/served-call.js'
import { readUnseen } from '../../../src/fallback/unseen-call.js'

const callId = '1763765307.12'
const entered = '1763765307000|1763765308000|120|01012345678|||'

t.test('a call of its own that a member answered', async (t) => {
  const notes = { callId, entered, answered: '1763765311500|PJSIP/3001-0000000a', ended: '1763765320000|' }
  t.same(readCall(notes), {
    is: 'over',
    call: {
      contactId: deriveContactId(callId, 1763765307000),
      own: true,
      dialled: '120',
      caller: '01012345678',
      queue: undefined,
      device: '3001',
      enteredAt: 1763765307000,
      waitsSince: 1763765307000,
      fallbackAt: 1763765308000,
      answeredAt: 1763765311500,
      endedAt: 1763765320000,
      end: 'completed',
    },
  })
})

t.test('a contact that the server had keeps id, queue and the beginning of its wait', async (t) => {
  const taken = '1763765307000|1763765330000|120|01012345678|0199-ab|general|1763765307400'
  t.match(readCall({ callId, entered: taken, ended: '1763765340000|ABANDON' }), {
    call: { contactId: '0199-ab', own: false, queue: 'general', waitsSince: 1763765307400, end: 'abandoned' },
  })
})

t.test('how it ended without an answer', async (t) => {
  const end = (status: string) => readCall({ callId, entered, ended: `1763765320000|${status}` })
  for (const status of ['', 'ABANDON', 'TIMEOUT']) t.match(end(status), { call: { end: 'abandoned' } })
  for (const status of ['FULL', 'JOINEMPTY', 'UNKNOWN']) t.match(end(status), { call: { end: 'failed' } })
})

t.test('a call without an end goes on, or was lost with the PBX', async (t) => {
  t.same(readCall({ callId, entered }), { is: 'going_on' })
  const lost = (pbxStartedAt?: number) => readCall({ callId, entered, lost: { foundAt: 1763765400000, pbxStartedAt } })
  t.match(lost(1763765390000), { call: { endedAt: 1763765390000, end: 'failed' } })
  t.match(lost(1763765300000), { call: { endedAt: 1763765400000 } }, 'the PBX has been up all the time')
  t.match(lost(), { call: { endedAt: 1763765400000 } })
  const talk = { callId, entered, answered: '1763765311500|PJSIP/3001-0000000a', lost: { foundAt: 1763765400000 } }
  t.match(readCall(talk), { call: { end: 'completed', endedAt: 1763765400000 } })
})

t.test('notes that cannot be a call', async (t) => {
  for (const text of [undefined, '', 'x', '1763765307000|soon|120||||', '1763765307000|1763765308000|120'])
    t.same(readCall({ callId, entered: text, ended: '1763765320000|' }), { is: 'unreadable' })
})

t.test('times of one call never run backwards; who withheld the number has none', async (t) => {
  const back = '1763765309000|1763765308000|120||||1763765999000'
  const read = readCall({
    callId,
    entered: back,
    answered: '1763765300000|Local/x@y-00000001;1',
    ended: '1763765200000|',
  })
  t.match(read, {
    call: { enteredAt: 1763765308000, waitsSince: 1763765308000, answeredAt: 1763765308000, endedAt: 1763765308000 },
  })
  t.equal(read.is === 'over' ? read.call.caller : 'none', undefined)
  t.equal(read.is === 'over' ? read.call.device : 'none', undefined, 'a member that is no phone')
})

t.test('the derived id is a UUID of version 7 with the time of arrival, the same each time', async (t) => {
  const id = deriveContactId(callId, 1763765307000)
  t.equal(id, deriveContactId(callId, 1763765307000))
  t.not(id, deriveContactId('1763765307.13', 1763765307000))
  t.not(id, deriveContactId(callId, 1763765307001))
  t.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  t.equal(Number.parseInt(id.replace('-', '').slice(0, 12), 16), 1763765307000)
})

t.test('a call that nobody had: read, the same id each time, or not readable', async (t) => {
  const note = { callId: 'node1-1.2', unseen: '1700000000000|1700000000400|120|01012345678' }
  const read = readUnseen(note)
  t.match(read, { dialled: '120', caller: '01012345678', enteredAt: 1700000000000, endedAt: 1700000000400 })
  t.equal(readUnseen(note)?.contactId, read?.contactId)
  t.equal(readUnseen({ ...note, unseen: '1700000000000|1700000000400|120|' })?.caller, undefined)
  t.equal(readUnseen({ ...note, unseen: '|1700000000400|120|' })?.enteredAt, 1700000000400)
  t.equal(readUnseen({ ...note, unseen: 'x|y|120|' }), undefined)
  t.equal(readUnseen({ ...note, unseen: '1700000000000' }), undefined)
})

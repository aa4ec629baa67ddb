import t from 'tap'
import type { Packet } from '../../../bench/route/pcap.js'
import { accountCalls } from '../../../bench/soak/calls.js'

const [SIP, CITIZENS, PHONES] = [5060, 6000, 7000]
const packets: Packet[] = []
const say = (at: number, from: number, to: number, first: string, id: string, more: Record<string, string> = {}) => {
  const invite = { CSeq: '1 INVITE', ...more }
  const lines = Object.entries({ 'Call-ID': id, ...invite }).map(([name, value]) => `${name}: ${value}`)
  const payload = Buffer.from(`${first}\r\n${lines.join('\r\n')}\r\n\r\n`)
  packets.push({ at, order: packets.length, protocol: 'udp', from, to, seq: 0, payload })
}
const ringIn = (at: number, caller: string) =>
  say(at, CITIZENS, SIP, 'INVITE sip:120@pbx SIP/2.0', caller, { From: `<sip:${caller}@host>;tag=1` })
const ring = (at: number, phone: string, contact: string, id = `${contact}-${phone}`) =>
  say(at, SIP, PHONES, `INVITE sip:${phone}@host SIP/2.0`, id, { 'X-Contact-Id': contact })
const account = (record: Parameters<typeof accountCalls>[2]) =>
  accountCalls(packets.splice(0), { sip: SIP, phones: [PHONES] }, record)
const row = (caller: string, connected: boolean) => ({ id: `c${caller}`, caller, ended: true, connected })

t.test('answered, abandoned and refused calls are counted, and the record is compared', async (t) => {
  ringIn(0, '1')
  ring(5, '3001', 'c1')
  say(900, PHONES, SIP, 'SIP/2.0 200 OK', 'c1-3001')
  say(9_000, CITIZENS, SIP, 'BYE sip:120@pbx SIP/2.0', '1', { CSeq: '2 BYE' })
  say(9_010, SIP, PHONES, 'BYE sip:3001@host SIP/2.0', 'c1-3001', { CSeq: '2 BYE' })
  ringIn(10, '2')
  say(500, CITIZENS, SIP, 'CANCEL sip:120@pbx SIP/2.0', '2', { CSeq: '1 CANCEL' })
  ringIn(20, '3')
  say(30, SIP, CITIZENS, 'SIP/2.0 503 Unavailable', '3')
  const { counts, details } = account([row('1', true), row('2', true)])
  t.same(counts, {
    offered: 3,
    answered: 1,
    byFallback: 0,
    abandoned: 1,
    lost: 1,
    pairsCut: 0,
    doublePromises: 0,
    recordDisagrees: 2,
  })
  t.equal(details.length, 3)
})

t.test('a talk that the centre ends is cut; the hang-up that follows the caller is not', async (t) => {
  ringIn(0, '1')
  ring(5, '3001', 'c1')
  say(900, PHONES, SIP, 'SIP/2.0 200 OK', 'c1-3001')
  say(3_000, SIP, CITIZENS, 'BYE sip:1@host SIP/2.0', '1', { CSeq: '2 BYE' })
  t.equal(account([row('1', true)]).counts.pairsCut, 1)
})

t.test('two phones for one contact and two calls for one phone are double; a late CANCEL is not', async (t) => {
  ring(0, '3001', 'c1')
  ring(5_000, '3002', 'c1')
  ring(5_000, '3001', 'c2')
  say(6_100, SIP, PHONES, 'CANCEL sip:3001@host SIP/2.0', 'c1-3001', { CSeq: '1 CANCEL' })
  t.equal(account([]).counts.doublePromises, 2)
  ring(0, '3001', 'c1')
  ring(5_900, '3002', 'c1')
  say(6_100, SIP, PHONES, 'CANCEL sip:3001@host SIP/2.0', 'c1-3001', { CSeq: '1 CANCEL' })
  t.equal(account([]).counts.doublePromises, 0)
})

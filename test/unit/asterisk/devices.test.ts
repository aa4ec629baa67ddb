import t from 'tap'
import type { AmiReply } from '../../../src/asterisk/ami/types.js'
import { Devices } from '../../../src/asterisk/devices.js'
import { until } from '../../helpers/until.js'

const listOf = (...states: [string, string][]): AmiReply => ({
  response: { response: 'Success' },
  list: states.map(([objectname, devicestate]) => ({ event: 'EndpointList', objectname, devicestate })),
})
const callsOf = (...channels: [string, string][]): AmiReply => ({
  response: { response: 'Success' },
  list: channels.map(([channel, uniqueid]) => ({ event: 'CoreShowChannel', channel, uniqueid })),
})

t.test('a list that was refused is asked for again; what is missing in the next one is down', async (t) => {
  const answers = [
    () => Promise.reject(new Error('Permission denied')),
    () => Promise.resolve(listOf(['2001', 'Not in use'])),
  ]
  const told: string[] = []
  let failed = 0
  const devices = new Devices(
    {
      endpoints: () => (answers.shift() ?? (() => Promise.resolve(listOf(['2001', 'Unavailable']))))(),
      channels: () => Promise.resolve(callsOf()),
    },
    () => 1,
    ({ endpoint, state }) => void told.push(`${endpoint} ${state}`),
    () => {
      failed += 1
    },
  )
  t.teardown(() => devices.pause())
  devices.resume()
  await until(() => told.length > 0, { what: 'the second list came' })
  t.equal(failed, 1)
  t.strictSame(told, ['2001 up'])
  devices.resume()
  await until(() => told.length > 1, { what: 'the third list came' })
  t.strictSame(told, ['2001 up', '2001 down'])
})

t.test('a phone in a call that is not ours is busy until its last such call ends', async (t) => {
  const told: string[] = []
  let calls = callsOf(
    ['PJSIP/2001-0000000a', '17.1'],
    ['PJSIP/2002-0000000b', 'a-r7-x'],
    ['Local/s@x-00000001;1', '17.3'],
  )
  let onList: (() => void) | undefined
  const devices = new Devices(
    {
      endpoints: () => Promise.resolve(listOf(['2001', 'In use'], ['2002', 'In use'], ['out-2003', 'Not in use'])),
      channels: async () => {
        onList?.()
        return calls
      },
    },
    () => 1,
    ({ endpoint, state }) => void told.push(`${endpoint} ${state}`),
    () => undefined,
  )
  t.teardown(() => devices.pause())
  const says = async (...expected: string[]) => {
    await until(() => told.length >= expected.length, { what: `told ${expected.join()}` })
    t.strictSame(told.splice(0), expected)
  }
  const event = (name: string, channel: string, uniqueid: string) => devices.onEvent({ event: name, channel, uniqueid })
  devices.resume()
  await says('2001 busy', '2002 up', 'out-2003 up')
  event('Newchannel', 'PJSIP/2001-0000000c', '17.4')
  event('Hangup', 'PJSIP/2001-0000000a', '17.1')
  event('Newchannel', 'PJSIP/2002-0000000d', 'a-r8-x')
  event('Newchannel', 'PJSIP/out-2003-0000000e', '17.5')
  event('Hangup', 'PJSIP/2001-0000000c', '17.4')
  event('Hangup', 'PJSIP/2001-0000000c', '17.4')
  await says('out-2003 busy', '2001 up')
  devices.onEvent({ event: 'PeerStatus', peer: 'PJSIP/out-2003', peerstatus: 'Unreachable' })
  event('Hangup', 'PJSIP/out-2003-0000000e', '17.5')
  event('Newchannel', 'PJSIP/9999-0000000f', '17.6')
  await says('out-2003 down')
  // Missed events: the list repairs them; what began or ended while it was made counts.
  calls = callsOf(['PJSIP/2002-00000010', '17.7'], ['PJSIP/2001-00000011', '17.8'])
  onList = () => {
    event('Hangup', 'PJSIP/2001-00000011', '17.8')
    event('Newchannel', 'PJSIP/out-2003-00000012', '17.9')
  }
  devices.resume()
  await says('2002 busy', 'out-2003 busy')
  calls = callsOf()
  onList = undefined
  devices.resume()
  await says('2002 up', 'out-2003 up')
})

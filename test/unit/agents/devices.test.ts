import { pino } from 'pino'
import t from 'tap'
import { createDevices } from '../../../src/agents/devices.js'
import type { Roster } from '../../../src/agents/roster.js'
import { NotOwnerError } from '../../../src/platform/fence.js'
import type { RoutingCore } from '../../../src/routing/core-port.js'
import { until } from '../../helpers/until.js'

t.test('a state that was refused is told again until it is kept, the newest one only', async (t) => {
  const answers: (Error | undefined)[] = [new Error('OOM'), new Error('NOREPLICAS')]
  const told: string[] = []
  const devices = createDevices({
    node: 'node1',
    routing: {
      setDevice: async (agentId: string, state: string) => {
        told.push(`${agentId} ${state}`)
        const refused = answers.shift()
        if (refused) throw refused
      },
    } as unknown as RoutingCore,
    roster: { agentOfDevice: (endpoint: string) => (endpoint === '9999' ? undefined : `a${endpoint}`) } as Roster,
    clock: () => 1,
    logger: pino({ level: 'silent' }),
  })
  t.teardown(() => devices.close())
  devices.changed('9999', 'up')
  devices.changed('2001', 'busy')
  devices.changed('2001', 'up')
  await until(() => told.length === 3, { what: 'the third time it is kept' })
  t.strictSame(told, ['a2001 busy', 'a2001 up', 'a2001 up'])
  answers.push(new NotOwnerError())
  devices.changed('2002', 'down')
  await until(() => answers.length === 0, { what: 'the node is another’s' })
  answers.push(new Error('OOM'))
  devices.changed('2003', 'down')
  await until(() => told.filter((word) => word === 'a2003 down').length === 2, { what: 'the last one is repeated' })
  t.equal(told.filter((word) => word === 'a2002 down').length, 1, 'what is no matter of time is not repeated')
})

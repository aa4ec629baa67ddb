import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { type FanOutRow, measureFanOut } from './api/fan-out.js'
import { measureOperations, type OperationRow } from './api/operations.js'
import { startApiWorld } from './api/world.js'

/**
 * npm run bench:api [-- --json FILE] [--seconds N] [--fan-out-only]: requests a second and 99th percentile of the ten busiest operations (ten
 * connections, autocannon), and the fan-out: 600 agents' sockets and 20 wallboards, each with all that it may see, at 50 events a second,
 * from before the append to the journal until the frame is in the other process. Server, load and services share the machine.
 */
const { values } = parseArgs({
  options: {
    json: { type: 'string' },
    seconds: { type: 'string', default: '4' },
    'fan-out-only': { type: 'boolean', default: false },
  },
})
const FAN_OUT_SECONDS = 20

const world = await startApiWorld()
let operations: OperationRow[] = []
let fanout: FanOutRow
try {
  // The fan-out first: the other one leaves a server with much garbage behind it.
  fanout = await measureFanOut(world, FAN_OUT_SECONDS)
  if (!values['fan-out-only']) operations = await measureOperations(world, Number(values.seconds))
} finally {
  await world.stop()
}
if (operations.length > 0) console.table(operations)
console.table([fanout])
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ operations, fanout }, null, 2)}\n`)

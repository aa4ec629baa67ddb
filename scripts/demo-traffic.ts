import { startCitizens } from './demo/citizens.js'
import { keepPhones } from './demo/phones.js'
import { readDemo } from './demo/settings.js'
import { writeVoices } from './demo/sound.js'
import { startWorkers } from './demo/workers.js'

/**
 * npm run up -- --demo-traffic: SIPp citizens call, phones answer, agents work through the public API, so that a newcomer sees
 * calls flow without owning a phone. Loopback only; it ends with the process.
 */
async function main(): Promise<void> {
  const demo = readDemo(process.env)
  console.log(
    `demo traffic: ${demo.agents.length} agents at ${demo.baseUrl}, citizens at sip:120@${demo.sipHost}:${demo.sipPort}`,
  )
  writeVoices(demo)
  const phones = await keepPhones(demo)
  const workers = await startWorkers(demo)
  const citizens = await startCitizens(demo)
  const stop = (): void => {
    citizens.stop()
    workers.stop()
    phones.stop()
    process.exit(0)
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
}

main().catch((error: unknown) => {
  console.error('demo traffic could not start:', error instanceof Error ? error.message : error)
  process.exit(1)
})

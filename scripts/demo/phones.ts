import type { ChildProcess } from 'node:child_process'
import type { Demo } from './settings.js'
import { ended, findUdpPort, runSipp, writeFields } from './sipp.js'

/** Registrations are renewed before Asterisk's two hours are over (ms). */
const RENEW_MS = 3_600_000

/** All demo phones at one port: registers them and answers their calls; both again every hour. */
export async function keepPhones(demo: Demo): Promise<{ stop(): void }> {
  const port = await findUdpPort()
  const users = demo.agents.map(
    ({ device }) => `${device};[authentication username=${device} password=${demo.phonePassword}]`,
  )
  const fields = writeFields(demo, 'phones.csv', 'SEQUENTIAL', users)
  let phones: ChildProcess | undefined
  let stopped = false

  const start = async (): Promise<void> => {
    const registering = runSipp(
      demo,
      'register',
      port,
      ['-inf', fields, '-m', String(users.length), '-r', '50', '-timeout', '20s'],
      true,
    )
    if ((await ended(registering)) !== 0) throw new Error('the demo phones could not register')
    if (stopped) return
    phones = runSipp(demo, 'phones', port, [], false)
  }
  const renew = async (): Promise<void> => {
    // SIGUSR1: SIPp finishes its calls and ends.
    if (phones) {
      const over = ended(phones)
      phones.kill('SIGUSR1')
      await over
    }
    await start()
  }
  await start()
  const timer = setInterval(() => {
    renew().catch((error: unknown) => console.error('demo phones:', error instanceof Error ? error.message : error))
  }, RENEW_MS)
  return {
    stop() {
      stopped = true
      clearInterval(timer)
      phones?.kill('SIGKILL')
    },
  }
}

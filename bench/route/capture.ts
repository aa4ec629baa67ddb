import { spawn } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { until } from '../../test/helpers/until.js'

export interface Capture {
  /** Ends the capture and gives the file. */
  end(): Promise<Buffer>
}

/**
 * Captures loopback with tcpdump: SIP of the PBX and what the server sends to its clients.
 * @throws Error when tcpdump may not capture (it needs root or CAP_NET_RAW)
 */
export async function startCapture(file: string, sipPort: number, serverPort: number): Promise<Capture> {
  const filter = `udp port ${sipPort} or tcp src port ${serverPort}`
  const argv = ['-i', 'lo', '-n', '-s', '0', '-B', '65536', '-U', '-w', file, filter]
  const child = spawn('tcpdump', process.getuid?.() === 0 ? ['-Z', 'root', ...argv] : argv, {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (chunk) => {
    said += String(chunk)
  })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  process.once('exit', () => child.kill('SIGKILL'))
  await until(
    () => {
      if (child.exitCode !== null) throw new Error(said)
      return said.includes('listening on')
    },
    { what: 'tcpdump listens (it needs root)' },
  )
  return {
    async end() {
      let size = -1
      await until(
        () => {
          const before = size
          size = statSync(file).size
          return size === before
        },
        { what: 'the capture is written', every: 1500 },
      )
      child.kill('SIGTERM')
      await exited
      const dropped = /(\d+) packets dropped by kernel/.exec(said)?.[1]
      if (dropped && dropped !== '0') throw new Error(`${dropped} packets are missing in the capture`)
      return readFileSync(file)
    },
  }
}

import { spawn } from 'node:child_process'
import { openSync } from 'node:fs'
import { join } from 'node:path'

/** A process of the built server that carries no calls and no API; it ends with the bench. */
export function startWorker(env: Record<string, string>, logFile: string): { stop(): Promise<void> } {
  const file = openSync(logFile, 'a')
  const main = join(import.meta.dirname, '../../src/main.js')
  const child = spawn(process.execPath, ['--enable-source-maps', main], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', file, file],
  })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const killQuietly = () => void child.kill('SIGKILL')
  process.once('exit', killQuietly)
  return {
    async stop() {
      child.kill('SIGTERM')
      await exited
      process.removeListener('exit', killQuietly)
    },
  }
}

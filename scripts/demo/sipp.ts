import { type ChildProcess, spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Demo } from './settings.js'

/** A free UDP port of loopback; SIPp takes it a moment later. */
export function findUdpPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp4')
    socket.once('error', reject)
    socket.bind(0, '127.0.0.1', () => {
      const { port } = socket.address()
      socket.close(() => resolve(port))
    })
  })
}

/** Writes the lines that SIPp takes its fields from. */
export function writeFields(
  demo: Demo,
  name: string,
  order: 'SEQUENTIAL' | 'RANDOM',
  lines: readonly string[],
): string {
  mkdirSync(demo.scratch, { recursive: true })
  const file = join(demo.scratch, name)
  writeFileSync(file, `${[order, ...lines].join('\n')}\n`, { mode: 0o600 })
  return file
}

/** Starts SIPp on loopback without its screen; `server` false: a phone that waits for calls. */
export function runSipp(
  demo: Demo,
  scenario: string,
  port: number,
  more: readonly string[],
  server: boolean,
): ChildProcess {
  const target = server ? [`${demo.sipHost}:${demo.sipPort}`] : []
  const args = [
    '-sf',
    join(demo.scenarios, `${scenario}.xml`),
    '-i',
    '127.0.0.1',
    '-p',
    String(port),
    '-nostdin',
    ...more,
    ...target,
  ]
  return spawn('sipp', args, { stdio: 'ignore', cwd: demo.scratch })
}

/** Resolves when SIPp has ended, with its exit code. */
export function ended(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => resolve(code ?? 1))
  })
}

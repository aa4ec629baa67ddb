import { createInterface } from 'node:readline/promises'
import type { Io } from './io.js'

/** The real terminal and environment. */
export const processIo: Io = {
  env: process.env,
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  async confirm(question) {
    if (!process.stdin.isTTY) return undefined
    const terminal = createInterface({ input: process.stdin, output: process.stderr })
    try {
      return /^(y|yes|예|네)$/i.test((await terminal.question(`${question} [y/N] `)).trim())
    } finally {
      terminal.close()
    }
  },
}

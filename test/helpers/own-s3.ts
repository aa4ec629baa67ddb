import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../../src/platform/package-root.js'
import type { S3Address } from '../../src/recording/stores/s3.js'
import { testEnvironment } from './environment.js'
import { guardProcess } from './guard.js'
import { findTcpPort } from './ports.js'
import { until } from './until.js'

/** A real S3-compatible server (s3rver, it checks signatures) in a process of its own, with one bucket. */
export async function startS3(): Promise<{
  readonly address: S3Address
  start(): Promise<void>
  stop(): Promise<void>
}> {
  const port = await findTcpPort()
  const directory = join(testEnvironment('CTI_TEST_DIR'), `s3-${port}`)
  mkdirSync(directory, { recursive: true })
  let child: ChildProcess | undefined
  let release = () => {}
  const stop = async () => {
    const going = child
    child = undefined
    if (!going) return
    const gone = new Promise((resolve) => going.once('exit', resolve))
    going.kill('SIGKILL')
    await gone
    release()
  }
  const start = async () => {
    const bin = join(packageRoot(), 'node_modules/s3rver/bin/s3rver.js')
    const argv = [bin, '-d', directory, '-a', '127.0.0.1', '-p', String(port), '--configure-bucket', 'recordings']
    child = spawn(process.execPath, argv, { stdio: 'ignore' })
    release = guardProcess(child)
    await until(async () => (await fetch(`http://127.0.0.1:${port}/`)).status > 0, { what: 'the S3 server answers' })
  }
  await start()
  const keys = { accessKey: 'S3RVER', secretKey: 'S3RVER' }
  return { address: { url: `http://127.0.0.1:${port}/recordings/gaon`, region: 'us-east-1', ...keys }, start, stop }
}

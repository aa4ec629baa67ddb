// Adds to package-lock.json the optional platform packages that npm left out.
//
// npm writes an optional package into the lock only when the registry in use serves it. A registry that mirrors just the
// packages of its own platform (an air-gapped city's, for example) so makes a lock that `npm ci` refuses everywhere:
// "Missing: … from lock file". The entries need no more than name, exact version and platform. Run after `npm install`.
import { readFileSync, writeFileSync } from 'node:fs'

const file = new URL('../package-lock.json', import.meta.url)
const lock = JSON.parse(readFileSync(file, 'utf8'))
const platform = /-(android|darwin|freebsd|linux|netbsd|openbsd|sunos|win32)-(arm64|arm|ia32|x64)(-musl|-gnu)?$/
let added = 0

for (const [path, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const match = platform.exec(name)
    const known = [`${path}/node_modules/${name}`, `node_modules/${name}`].some((at) => lock.packages[at])
    if (known || !match || !/^\d+\.\d+\.\d+$/.test(version)) continue
    const [, os, cpu, libc] = match
    lock.packages[`node_modules/${name}`] = {
      version,
      cpu: [cpu],
      ...(entry.dev ? { dev: true } : {}),
      ...(libc ? { libc: [libc === '-musl' ? 'musl' : 'glibc'] } : {}),
      optional: true,
      os: [os],
    }
    added += 1
  }
}

const { '': root, ...packages } = lock.packages
const sorted = Object.entries(packages).sort(([a], [b]) => a.localeCompare(b, 'en'))
lock.packages = { '': root, ...Object.fromEntries(sorted) }
if (added > 0) writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`)
console.log(`package-lock.json: ${added} platform packages added`)

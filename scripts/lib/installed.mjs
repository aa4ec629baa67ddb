// Says by its exit code whether node_modules holds what package-lock.json names: every package at its version, optional
// ones of other platforms apart. By content, as dates do not survive a checkout.
import { readFileSync } from 'node:fs'

const root = new URL('../../', import.meta.url)
const read = (path) => JSON.parse(readFileSync(new URL(path, root), 'utf8'))

function isInstalled() {
  const wanted = read('package-lock.json').packages
  // npm's own note of what it put there, written when an installation is complete.
  const found = read('node_modules/.package-lock.json').packages
  return Object.entries(wanted).every(
    ([path, entry]) => path === '' || (found[path] ? found[path].version === entry.version : entry.optional === true),
  )
}

try {
  process.exitCode = isInstalled() ? 0 : 1
} catch {
  process.exitCode = 1
}

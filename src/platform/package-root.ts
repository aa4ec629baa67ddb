import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * Folder of the package (where package.json and migrations/ are), found upwards from this file, so that it is right from
 * src/, from dist/ and from an installed copy. @throws Error when there is none.
 */
export function packageRoot(): string {
  let dir = dirname(fileURLToPath(import.meta.url))
  for (;;) {
    if (existsSync(join(dir, 'package.json')) && existsSync(join(dir, 'migrations'))) return dir
    const parent = dirname(dir)
    if (parent === dir) throw new Error('package.json and migrations/ not found above the program')
    dir = parent
  }
}

import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { packageRoot } from '../../src/platform/package-root.js'

const run = promisify(execFile)

export interface InstalledClient {
  /** A folder whose programs find `cti120-client` and `ws` as if they had been installed. */
  readonly dir: string
  /** Files of the package, as it would be published. */
  readonly files: readonly string[]
  readonly manifest: {
    exports: Record<string, { types: string; default: string }>
    files: string[]
    dependencies?: object
  }
  remove(): Promise<void>
}

/** Builds the client as it is published, and installs it beside nothing but `ws`. */
export async function installClient(): Promise<InstalledClient> {
  const root = packageRoot()
  const dir = await mkdtemp(join(tmpdir(), 'cti120-client-'))
  const home = join(dir, 'node_modules/cti120-client')
  await mkdir(home, { recursive: true })
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  await run(process.execPath, [tsc, '-p', join(root, 'client/tsconfig.json'), '--outDir', join(home, 'dist')])
  for (const name of ['package.json', 'README.md']) await cp(join(root, 'client', name), join(home, name))
  await symlink(join(root, 'node_modules/ws'), join(dir, 'node_modules/ws'))
  const entries = await readdir(home, { recursive: true, withFileTypes: true })
  return {
    dir,
    files: entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(home.length + 1)),
    manifest: JSON.parse(await readFile(join(home, 'package.json'), 'utf8')),
    remove: () => rm(dir, { recursive: true, force: true }),
  }
}

import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { buildAsyncApi } from '../src/api/asyncapi.js'
import { buildDocument } from '../src/api/document.js'
import { packageRoot } from '../src/platform/package-root.js'
import { accessTable } from './access-table.js'
import { errorsPage, eventsPage } from './catalogue-pages.js'
import { writeClientTypes } from './client-types.js'

/** Writes what is generated from the contracts and checked in; a test compares, so that it is never stale. */
export async function generatedFiles(): Promise<ReadonlyMap<string, string>> {
  const document = await buildDocument()
  return new Map([
    ['docs/api/openapi.json', `${JSON.stringify(document, null, 2)}\n`],
    ['docs/api/asyncapi.json', `${JSON.stringify(buildAsyncApi(), null, 2)}\n`],
    ['docs/api/access.md', accessTable(document)],
    ['docs/api/errors.md', errorsPage()],
    ['docs/api/events.md', eventsPage()],
    ['client/src/generated/contracts.ts', writeClientTypes()],
  ])
}

async function main(): Promise<void> {
  for (const [path, text] of await generatedFiles()) {
    const file = join(packageRoot(), path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, text)
    console.log(`wrote ${path}`)
  }
}

if (process.argv[1]?.endsWith('write-openapi.js')) await main()

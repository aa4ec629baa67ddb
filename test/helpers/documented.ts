import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../../src/platform/package-root.js'
import { answerCheck, type CheckAnswer } from './answer-check.js'
import type { Answer } from './api.js'
import { type OpenApiDocument, type Operation, operationsOf } from './operations.js'

interface Documented {
  readonly operations: readonly (Operation & { readonly address: RegExp })[]
  readonly check: CheckAnswer
}
let documented: Documented | undefined
const succeeded = new Set<string>()

/** Read when the first answer is looked at; addresses without parameters come first, as the router has them. */
function read(): Documented {
  const text = readFileSync(join(packageRoot(), 'docs/api/openapi.json'), 'utf8')
  const document = JSON.parse(text) as OpenApiDocument
  const operations = operationsOf(document)
    .map((operation) => ({
      ...operation,
      address: new RegExp(`^${operation.path.replaceAll('.', '[.]').replaceAll(/\{\w+\}/g, '[^/]+')}$`),
    }))
    .sort((one, other) => one.params.length - other.params.length)
  return { operations, check: answerCheck(document) }
}

/**
 * Holds an answer of a real server, with real calls behind it, against the API document.
 * @param path with or without a query
 * @returns what is wrong; undefined: nothing. 5xx are not looked at: tests take things away from the server
 */
export function wrongByDocument(method: string, path: string, answer: Answer): string | undefined {
  if (answer.status >= 500) return undefined
  documented ??= read()
  const address = path.split('?')[0] ?? path
  const operation = documented.operations.find((each) => each.method === method && each.address.test(address))
  if (operation === undefined) return answer.status === 404 ? undefined : 'no such operation in the document'
  if (answer.status < 300) succeeded.add(operation.id)
  return documented.check(operation, answer)
}

/** Ids of the operations that succeeded in this process so far. */
export function succeededOperations(): ReadonlySet<string> {
  return succeeded
}

/** Ids of all operations with this tag. */
export function operationsTagged(tag: string): string[] {
  documented ??= read()
  return documented.operations.filter(({ tags }) => tags.includes(tag)).map(({ id }) => id)
}

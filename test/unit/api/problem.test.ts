import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { generatedFiles } from '../../../scripts/write-openapi.js'
import { ERROR_CATALOGUE, isErrorCode } from '../../../src/api/error-catalogue.js'
import { ApiError, toApiError, toProblem } from '../../../src/api/problem.js'
import { packageRoot } from '../../../src/platform/package-root.js'
import { ROUTING_ERRORS } from '../../../src/routing/model.js'

const read = (path: string) => readFileSync(join(packageRoot(), path), 'utf8')

/** Every code that a row of docs/errors.md describes, with the status where it has one. */
function documented(): Map<string, string> {
  return new Map(
    [...read('docs/errors.md').matchAll(/^\| `(CTI_ERR_[A-Z0-9_]+)` \|(?: (\d{3}) \|)?/gm)].map((row) => [
      row[1]!,
      row[2] ?? '',
    ]),
  )
}

t.test('the catalogue and docs/errors.md say the same', async (t) => {
  const rows = documented()
  for (const [code, { status, title, action }] of Object.entries(ERROR_CATALOGUE)) {
    t.equal(rows.get(code), String(status), code)
    t.ok(
      read('docs/errors.md').includes(`| \`${code}\` | ${status} | ${title} | ${action} |`),
      `${code} is described as in the catalogue`,
    )
  }
  for (const [code, status] of rows) if (status !== '') t.ok(isErrorCode(code), `${code} is in the catalogue`)
})

t.test('every code that the source names is documented', async (t) => {
  const rows = documented()
  const files = readdirSync(join(packageRoot(), 'src'), { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\.(ts|lua)$/.test(file),
  )
  t.ok(files.length > 50)
  for (const file of files) {
    for (const [code] of read(join('src', file)).matchAll(/\bCTI_ERR_[A-Z0-9_]*[A-Z0-9]\b(?!_?\*)/g)) {
      if (!rows.has(code)) t.fail(`${code} of src/${file} is not in docs/errors.md`)
    }
  }
})

t.test('routing errors are all in the catalogue', async (t) => {
  for (const code of Object.values(ROUTING_ERRORS)) t.ok(isErrorCode(code), code)
})

t.test('what may be thrown becomes a problem, without texts of others', async (t) => {
  const cases: [unknown, string][] = [
    [new ApiError('CTI_ERR_NO_DEVICE'), 'CTI_ERR_NO_DEVICE'],
    [Object.assign(new Error('x'), { code: 'CTI_ERR_QUEUE_FULL' }), 'CTI_ERR_QUEUE_FULL'],
    [Object.assign(new Error('x'), { code: 'CTI_ERR_MADE_UP' }), 'CTI_ERR_INTERNAL'],
    [
      Object.assign(new Error('x'), { code: 'FST_ERR_CTP_BODY_TOO_LARGE', statusCode: 413 }),
      'CTI_ERR_PAYLOAD_TOO_LARGE',
    ],
    [Object.assign(new Error('x'), { code: 'ECONNREFUSED' }), 'CTI_ERR_UNAVAILABLE'],
    [new Error('outer', { cause: Object.assign(new Error('inner'), { code: 'ECONNRESET' }) }), 'CTI_ERR_UNAVAILABLE'],
    [Object.assign(new Error('x'), { statusCode: 418 }), 'CTI_ERR_REQUEST_REFUSED'],
    [new Error('password=hunter2'), 'CTI_ERR_INTERNAL'],
    ['a string', 'CTI_ERR_INTERNAL'],
    [null, 'CTI_ERR_INTERNAL'],
    [undefined, 'CTI_ERR_INTERNAL'],
  ]
  for (const [thrown, code] of cases) {
    const problem = toProblem(toApiError(thrown), 'r1')
    t.equal(problem.code, code)
    t.equal(problem.requestId, 'r1')
    t.notMatch(JSON.stringify(problem), /hunter2/)
  }
})

t.test('generated files are not stale: npm run openapi', async (t) => {
  for (const [path, text] of await generatedFiles()) t.ok(read(path) === text, path)
})

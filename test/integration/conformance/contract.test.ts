import { Validator } from '@seriousme/openapi-schema-validator'
import fc from 'fast-check'
import t from 'tap'
import { answerCheck } from '../../helpers/answer-check.js'
import type { Answer } from '../../helpers/api.js'
import { addressOf, type Operation, operationsOf, servedDocument } from '../../helpers/operations.js'
import { almost, type Schema, valid } from '../../helpers/schema-arbitrary.js'
import { until } from '../../helpers/until.js'
import { openConformanceHouse } from './house.js'
import { RECIPES } from './recipes.js'

/** Made-up requests for each operation. */
const RUNS = Number(process.env.CTI_CONTRACT_RUNS ?? 30)

const house = await openConformanceHouse()
t.teardown(() => house.close())
const document = await servedDocument(house)
const operations = operationsOf(document)
const { schemas } = document.components
const check = answerCheck(document)
const tokens = new Map<string, string>()
async function tokenOf(person: string): Promise<string> {
  const token = tokens.get(person) ?? (await signedIn(person))
  tokens.set(person, token)
  return token
}
const signedIn = (person: string): Promise<string> =>
  until(async () => (await house.signedIn(person)).session!.accessToken, { what: `${person} is signed in` })

/** A machine that is busy with something else sheds load, as it should: that says nothing of the operation. */
function send(method: string, path: string, options: Parameters<typeof house.request>[2]): Promise<Answer> {
  return until(
    async () => {
      const answer = await house.request(method, path, options)
      return answer.body?.code === 'CTI_ERR_OVERLOADED' ? undefined : answer
    },
    { what: 'an answer' },
  )
}

t.test('the document is OpenAPI 3.1, by the judgement of its own validator', async (t) => {
  const validator = new Validator()
  const result = await validator.validate({ ...structuredClone(document) })
  t.ok(result.valid, JSON.stringify(result.errors))
  t.equal(validator.version, '3.1')
  const ids = operations.map(({ id }) => id)
  t.equal(new Set(ids).size, ids.length, 'every operation has an id of its own')
})

t.test('the check finds what it is there to find', async (t) => {
  const operation = operations.find(({ id }) => id === 'getMe')!
  const answer = await send('GET', '/v1/me', { token: await tokenOf('a01') })
  t.equal(check(operation, answer), undefined)
  t.match(check(operation, { ...answer, body: { ...answer.body, age: 40 } }), /additional properties/)
  t.match(
    check(operation, { ...answer, body: { ...answer.body, state: { ...answer.body.state, age: 40 } } }),
    /additional/,
  )
  t.match(check(operation, { ...answer, body: { ...answer.body, id: undefined } }), /required/)
  t.match(check(operation, { ...answer, status: 201 }), /not documented/)
  const problem = await house.request('GET', '/v1/me')
  t.equal(check(operation, problem), undefined)
  t.match(check(operation, { ...problem, body: { ...problem.body, code: 'CTI_ERR_MADE_UP' } }), /catalogue/)
  t.match(check(operation, { ...problem, status: 500 }), /500/)
})

t.test('a right request to every operation succeeds, and its answer is what the document says', async (t) => {
  for (const operation of operations) {
    const recipe = RECIPES[operation.id]
    if (recipe === undefined) {
      t.fail(
        `${operation.method} ${operation.path}: how is it asked rightly? Add \`${operation.id}\` to test/integration/conformance/recipes.ts`,
      )
      continue
    }
    const { params = {}, query = {}, body, text, headers, as = 'm01', refused, after } = await recipe(house)
    const answer = await send(operation.method, addressOf(operation, params, query), {
      token: await tokenOf(as),
      body,
      text,
      headers,
    })
    await after?.()
    if (refused === undefined)
      t.ok(
        answer.status < 300,
        `${operation.id} succeeds: ${answer.status} ${JSON.stringify(answer.body).slice(0, 300)}`,
      )
    else t.equal(answer.body?.code, refused, `${operation.id} refuses`)
    t.equal(check(operation, answer), undefined, `${operation.id} answers as documented`)
  }
  for (const id of Object.keys(RECIPES))
    t.ok(
      operations.some((operation) => operation.id === id),
      `${id} of recipes.ts is an operation`,
    )
})

const header = fc.option(
  fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 130 }).filter((text) => text.trim() === text),
  {
    nil: undefined,
  },
)

/** Requests to an operation that fit, nearly fit, or do not fit at all. */
function requests(operation: Operation) {
  const oneOrOther = (schema: Schema) => fc.oneof(valid(schema, schemas), almost(schema, schemas))
  const record = (all: Operation['params']) =>
    fc.record(Object.fromEntries(all.map(({ name, schema }) => [name, oneOrOther(schema)])))
  const query = fc.record(Object.fromEntries(operation.query.map(({ name, schema }) => [name, oneOrOther(schema)])), {
    requiredKeys: [],
  })
  return fc.record({
    params: record(operation.params),
    query,
    body: operation.body === undefined ? fc.constant(undefined) : oneOrOther(operation.body),
    ifMatch: fc.oneof(fc.constantFrom(undefined, '"1"', '*'), header),
    idempotencyKey: header,
    person: fc.constantFrom('m01', 's01', 'a01', 'v01'),
  })
}

/** Half a surrogate pair has no form in an address. */
const asText = (value: unknown): string =>
  (typeof value === 'string' ? value : JSON.stringify(value)).replaceAll(/\p{Surrogate}/gu, '\uFFFD')

t.test('whatever is sent: no 5xx, no unknown field, documented codes only', async (t) => {
  for (const operation of operations) {
    const failure = await fc.check(
      fc.asyncProperty(requests(operation), async ({ params, query, body, ifMatch, idempotencyKey, person }) => {
        // An empty part of a path is another address.
        const path = Object.fromEntries(Object.entries(params).map(([name, value]) => [name, asText(value) || '-']))
        const search = Object.fromEntries(Object.entries(query).map(([name, value]) => [name, asText(value)]))
        const answer = await send(operation.method, addressOf(operation, path, search), {
          token: await tokenOf(person),
          body,
          headers: {
            ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
            ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
          },
        })
        const wrong = check(operation, answer)
        if (wrong !== undefined) throw new Error(`${wrong}: ${JSON.stringify(answer.body).slice(0, 300)}`)
      }),
      { numRuns: RUNS },
    )
    t.notOk(
      failure.failed,
      failure.failed ? `${operation.id}: ${fc.defaultReportMessage(failure)?.slice(0, 1_500)}` : operation.id,
    )
  }
  t.match(await house.request('GET', '/health/ready'), { status: 200, body: { status: 'ready' } }, 'the house stands')
})

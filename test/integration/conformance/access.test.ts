import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { PERMISSIONS, type Permission, ROLES } from '../../../src/api/auth/permissions.js'
import { API_KEY_PREFIX, newSecret } from '../../../src/api/auth/secrets.js'
import { createApiStores } from '../../../src/api/stores/index.js'
import { packageRoot } from '../../../src/platform/package-root.js'
import { type Answer, openApiHouse } from '../../helpers/api.js'
import { apiCentre } from '../../helpers/api-centre.js'
import { addressOf, operationsOf, servedDocument } from '../../helpers/operations.js'
import { testSealing } from '../../helpers/sealing.js'
import { until } from '../../helpers/until.js'

const house = await openApiHouse()
t.teardown(() => house.close())
const operations = operationsOf(await servedDocument(house))

/** The checked-in table: operation -> needs, and role -> yes or no. */
const table = new Map(
  [
    ...readFileSync(join(packageRoot(), 'docs/api/access.md'), 'utf8').matchAll(
      /^\| (\w+) \| `[^`]*` \| ([^|]+) \| (.*) \|$/gm,
    ),
  ].map(([, id, needs, cells]) => {
    const words = cells!.split(' | ')
    return [id!, { needs: needs!, roles: Object.fromEntries(ROLES.map((role, n) => [role, words[n]])) }] as const
  }),
)

const tokens = new Map<string, string>()
for (const role of ROLES) {
  const person = apiCentre('x').agents.find((agent) => agent.role === role)
  if (person === undefined) throw new Error(`test/helpers/api-centre.ts has nobody of the role ${role}: add one`)
  tokens.set(role, `Bearer ${(await house.signedIn(person.id)).session!.accessToken}`)
}
const { apiKeys } = createApiStores(house.database.postgres, testSealing)
async function keyWith(scopes: readonly Permission[]): Promise<string> {
  const { secret, hash } = newSecret(API_KEY_PREFIX)
  await apiKeys.create({ name: 'matrix', prefix: secret.slice(0, 12), hash, scopes, createdBy: 'm01' })
  return `ApiKey ${secret}`
}

/** A machine that is busy with something else sheds load: that says nothing of who may do what. */
function askAgain(...asked: Parameters<typeof house.request>): Promise<Answer> {
  return until(
    async () => {
      const answer = await house.request(...asked)
      return answer.body?.code === 'CTI_ERR_OVERLOADED' ? undefined : answer
    },
    { what: 'an answer' },
  )
}

/** Is this caller let in? What the operation then says of a thing that does not exist is another matter. */
const letIn = ({ status, body }: Answer): 'yes' | 'no' | 'sign in' => {
  if (status === 401 && /CTI_ERR_(UNAUTHENTICATED|TOKEN|API_KEY)/.test(body.code)) return 'sign in'
  return status === 403 && body.code === 'CTI_ERR_FORBIDDEN' ? 'no' : 'yes'
}

t.test('every operation by every role and scope is as docs/api/access.md says', async (t) => {
  t.same(
    [...table.keys()].sort(),
    operations.map(({ id }) => id).sort(),
    'the table has every operation: npm run openapi',
  )
  for (const operation of operations) {
    const { id, method, access } = operation
    const ask = (authorization?: string) =>
      askAgain(method, addressOf(operation, {}), {
        ...(method === 'GET' || method === 'DELETE' ? {} : { body: [] }),
        headers: authorization === undefined ? {} : { authorization },
      })
    const row = table.get(id)!
    t.equal(letIn(await ask()), row.needs === 'nobody' ? 'yes' : 'sign in', `${id} by nobody`)
    if (access === 'public') continue
    for (const role of ROLES) t.equal(letIn(await ask(tokens.get(role)!)), row.roles[role], `${id} by ${role}`)
    if (access === 'signed-in') {
      t.equal(letIn(await ask(await keyWith(['centre:read']))), 'yes', `${id} by a key`)
      continue
    }
    t.equal(row.needs, access)
    t.equal(letIn(await ask(await keyWith([access]))), 'yes', `${id} by a key with ${access}`)
    const others = PERMISSIONS.filter((permission) => permission !== access)
    t.equal(letIn(await ask(await keyWith(others))), 'no', `${id} by a key with everything else`)
  }
})

import { totpAt } from '../../../src/api/auth/totp.js'
import { PASSWORD } from '../../helpers/api.js'
import type { ConformanceHouse } from './house.js'
import { asAdmin, type Recipe } from './recipe.js'

/** Only sessions of their own: what a person does to the own account must not end those of the other recipes. */
async function ownSession(house: ConformanceHouse, person: string) {
  const { session } = await house.signedIn(person)
  return { authorization: `Bearer ${session!.accessToken}` }
}
const code = (secret: string, house: ConformanceHouse): string => totpAt(secret, Math.floor(house.now() / 30_000))

/** The second factor is q01's in these recipes, one after the other: enrolled, confirmed, removed. */
let secret = ''

/** No identity provider here: the way with a real one is test/integration/api/oidc.test.ts. */
const off: Recipe = () => ({ refused: 'CTI_ERR_OIDC_OFF' })

export const ACCOUNT_RECIPES: Readonly<Record<string, Recipe>> = {
  startOidcSignIn: off,
  finishOidcSignIn: off,

  changePassword: () => ({ as: 'v01', body: { currentPassword: PASSWORD, newPassword: 'a fine new password' } }),
  getTotp: () => ({ as: 'q01' }),
  enrolTotp: () => ({ as: 'q01', body: {} }),
  confirmTotp: async (house) => {
    const headers = await ownSession(house, 'q01')
    secret = (await house.request('POST', '/v1/me/totp', { headers, body: {} })).body.secret
    return { as: 'q01', body: { code: code(secret, house) } }
  },
  removeTotp: () => ({ as: 'q01', body: { password: PASSWORD } }),
  listMySessions: () => ({ as: 'q01' }),
  endMySession: async (house) => {
    const headers = await ownSession(house, 'o01')
    const { body } = await house.request('GET', '/v1/me/sessions', { headers })
    const { id } = body.items.find(({ current }: { current: boolean }) => current)
    await ownSession(house, 'o01')
    return { as: 'o01', params: { id } }
  },
  listSessions: () => ({ query: { user: 'a01' } }),
  endSession: async (house) => {
    const { items } = await asAdmin(house, 'GET', '/v1/sessions?user=o01')
    return { params: { id: items[0].id } }
  },

  unmask: async (house) => {
    const { id } = await asAdmin(house, 'POST', '/v1/citizens', { name: '홍길동', phone: '01012345678' })
    return { as: 's01', body: { subject: 'citizen', id, field: 'phone', reason: '전화번호 확인 요청' } }
  },
  forgetCitizen: async (house) => {
    const { id } = await asAdmin(house, 'POST', '/v1/citizens', { name: '홍길동', phone: '01012345679' })
    return { params: { id }, body: { reason: '본인 삭제 요청' } }
  },
}

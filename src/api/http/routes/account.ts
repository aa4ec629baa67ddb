import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { hashPassword } from '../../auth/password.js'
import { findPasswordFault } from '../../auth/password-rules.js'
import { otpauthUri } from '../../auth/totp.js'
import {
  PasswordChange,
  RecoveryCodes,
  SignInList,
  SignInQuery,
  TotpCode,
  TotpEnrolled,
  TotpRemove,
  TotpState,
} from '../../contracts/auth.js'
import { IdParams } from '../../contracts/common.js'
import { ApiError } from '../../problem.js'
import { identityOf } from '../access.js'
import type { Api, Edge } from '../edge.js'

/** Answers and bodies here hold secrets. */
const secret = { access: 'signed-in', idempotent: false, freeText: false } as const

/** A person's own account: password, second factor, sign-ins; and everybody's sign-ins for who looks after them. */
export function registerAccountRoutes(app: Api, edge: Edge): void {
  const { signIns, secondFactor, endedSessions, attempts, passwords, users, centre } = edge

  const requirePassword = async (userId: string, password: string): Promise<void> => {
    await attempts.begin(userId)
    if (!(await passwords.matches((await users.find(userId))?.passwordHash, password)))
      throw new ApiError('CTI_ERR_PASSWORD_WRONG')
    await attempts.succeed(userId)
  }
  /** The access tokens of what was ended are void, too; the others hear of it within seconds. */
  const end = async (which: { id?: string; userId?: string; except?: string }, by: string): Promise<string[]> => {
    const ids = await signIns.end(which, by)
    await endedSessions.add(ids)
    return ids
  }

  app.put(
    '/v1/me/password',
    {
      config: secret,
      schema: {
        operationId: 'changePassword',
        tags: ['account'],
        summary: 'Change the own password; ends the other sessions',
        body: PasswordChange,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const { id, name, sessionId } = person(request)
      const { currentPassword, newPassword } = request.body
      await requirePassword(id, currentPassword)
      const fault = findPasswordFault(newPassword, { id, name })
      if (fault !== undefined || newPassword === currentPassword)
        throw new ApiError('CTI_ERR_PASSWORD_WEAK', undefined, {
          errors: [{ in: 'body', pointer: '/newPassword', message: fault ?? 'unchanged' }],
        })
      await users.setPassword(id, await hashPassword(newPassword))
      await end({ userId: id, except: sessionId }, id)
      return reply.code(204).send(null)
    },
  )

  app.get(
    '/v1/me/totp',
    {
      config: { access: 'signed-in' },
      schema: {
        operationId: 'getTotp',
        tags: ['account'],
        summary: 'Is there a second factor',
        response: { 200: TotpState },
      },
    },
    async (request) => {
      const { id, role } = person(request)
      const required = centre.current().file.centre.totpRoles?.some((each) => each === role) ?? false
      return { enrolled: await secondFactor.isEnrolled(id), required }
    },
  )

  app.post(
    '/v1/me/totp',
    {
      config: secret,
      schema: {
        operationId: 'enrolTotp',
        tags: ['account'],
        summary: 'A new secret for the authenticator; counts once it was confirmed',
        body: Type.Object({}, { additionalProperties: false }),
        response: { 201: TotpEnrolled },
      },
    },
    async (request, reply) => {
      const { id } = person(request)
      const made = await secondFactor.enrol(id)
      const uri = otpauthUri(made, id, `cti120 ${centre.current().file.centre.id}`)
      return reply.header('cache-control', 'no-store').code(201).send({ secret: made, uri })
    },
  )

  app.post(
    '/v1/me/totp/confirm',
    {
      config: secret,
      schema: {
        operationId: 'confirmTotp',
        tags: ['account'],
        summary: 'The first code: from now on one is asked for at sign-in; gives recovery codes',
        body: TotpCode,
        response: { 200: RecoveryCodes },
      },
    },
    async (request, reply) => {
      const { id } = person(request)
      await attempts.begin(id)
      const recoveryCodes = await secondFactor.confirm(id, request.body.code)
      await attempts.succeed(id)
      return reply.header('cache-control', 'no-store').send({ recoveryCodes })
    },
  )

  app.post(
    '/v1/me/totp/remove',
    {
      config: secret,
      schema: {
        operationId: 'removeTotp',
        tags: ['account'],
        summary: 'Take the own second factor away; needs the password',
        body: TotpRemove,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const { id } = person(request)
      await requirePassword(id, request.body.password)
      await secondFactor.remove(id)
      return reply.code(204).send(null)
    },
  )

  app.get(
    '/v1/me/sessions',
    {
      config: { access: 'signed-in' },
      schema: {
        operationId: 'listMySessions',
        tags: ['account'],
        summary: 'Where I am signed in',
        response: { 200: SignInList },
      },
    },
    async (request) => {
      const { id, sessionId } = person(request)
      const items = await signIns.list(id)
      return { items: items.map((each) => (each.id === sessionId ? { ...each, current: true } : each)) }
    },
  )

  app.delete(
    '/v1/me/sessions/:id',
    {
      config: { access: 'signed-in' },
      schema: {
        operationId: 'endMySession',
        tags: ['account'],
        summary: 'Sign one of my sessions out',
        params: IdParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const { id } = person(request)
      const ended = await end({ id: request.params.id, userId: id }, id)
      if (ended.length === 0) throw new ApiError('CTI_ERR_SESSION_NOT_FOUND')
      return reply.code(204).send(null)
    },
  )

  app.get(
    '/v1/sessions',
    {
      config: { access: 'sessions:manage' },
      schema: {
        operationId: 'listSessions',
        tags: ['account'],
        summary: 'Who is signed in, newest first (at most 1,000)',
        querystring: SignInQuery,
        response: { 200: SignInList },
      },
    },
    async (request) => ({ items: await signIns.list(request.query.user) }),
  )

  app.delete(
    '/v1/sessions/:id',
    {
      config: { access: 'sessions:manage' },
      schema: {
        operationId: 'endSession',
        tags: ['account'],
        summary: 'Sign a session out, in force everywhere within seconds',
        params: IdParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const ended = await end({ id: request.params.id }, identityOf(request).id)
      if (ended.length === 0) throw new ApiError('CTI_ERR_SESSION_NOT_FOUND')
      return reply.code(204).send(null)
    },
  )
}

/** @throws ApiError CTI_ERR_NOT_A_PERSON: a system has no account */
function person(request: FastifyRequest): ReturnType<typeof identityOf> {
  const identity = identityOf(request)
  if (identity.kind !== 'user') throw new ApiError('CTI_ERR_NOT_A_PERSON')
  return identity
}

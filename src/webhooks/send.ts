import { lookup } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { Agent } from 'undici'
import type { Outcome } from './model.js'
import { checkTarget, isClosedAddress, isNamed, type TargetPolicy } from './target.js'

export interface Sender {
  /** One attempt; never rejects. */
  send(url: string, headers: Readonly<Record<string, string>>, body: Buffer): Promise<Outcome>
  close(): Promise<void>
}

export interface SenderOptions {
  readonly policy: TargetPolicy
  /** Longest time for one attempt from connecting to the end of the answer, ms. */
  readonly timeoutMs: number
  readonly userAgent: string
}

/** Nobody reads a receiver's answer; what is longer than this (bytes) is cut off by closing the connection. */
const MOST_ANSWER = 16_384

class ClosedAddress extends Error {
  readonly code = 'private_address'
}

/**
 * Sends messages to receivers. Redirects are not followed (undici follows none by itself): they would lead past the check of the address. The
 * address that was checked is the one that is connected to, so a name that resolves to something else the second time gains nothing.
 */
export function createSender({ policy, timeoutMs, userAgent }: SenderOptions): Sender {
  const open = new Agent({ connect: { timeout: timeoutMs }, keepAliveTimeout: 10_000 })
  const guarded = new Agent({ connect: { timeout: timeoutMs, lookup: publicOnly }, keepAliveTimeout: 10_000 })
  return {
    async send(address, headers, body) {
      const problem = checkTarget(address, policy)
      if (problem !== undefined) return { ok: false, error: problem }
      const url = new URL(address)
      const agent = isNamed(policy, url) ? open : guarded
      try {
        const answer = await agent.request({
          origin: url.origin,
          path: `${url.pathname}${url.search}`,
          method: 'POST',
          headers: { ...headers, 'content-type': 'application/json', 'user-agent': userAgent },
          body,
          signal: AbortSignal.timeout(timeoutMs),
        })
        await answer.body.dump({ limit: MOST_ANSWER, signal: AbortSignal.timeout(timeoutMs) })
        const status = answer.statusCode
        if (status >= 200 && status < 300) return { ok: true, status }
        return { ok: false, status, error: status >= 300 && status < 400 ? 'redirect' : 'refused' }
      } catch (error) {
        return { ok: false, error: wordFor(error) }
      }
    },
    async close() {
      await Promise.all([open.destroy(), guarded.destroy()])
    },
  }
}

/** Resolves names and refuses those that lead inside. */
const publicOnly: LookupFunction = (host, options, answer) => {
  lookup(host, { ...options, all: true }, (error, found) => {
    if (error !== null) return answer(error, [])
    if (found.some(({ address }) => isClosedAddress(address)))
      return answer(new ClosedAddress('the name leads to a private address'), [])
    const [first] = found
    if (options.all === true || first === undefined) return answer(null, found)
    answer(null, first.address, first.family)
  })
}

/** A stable word for what went wrong; texts of others may quote addresses or bodies. */
function wordFor(error: unknown): string {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown }
  if (code === 'private_address') return 'private_address'
  if (name === 'TimeoutError' || name === 'AbortError' || /TIMEOUT|ETIMEDOUT/.test(String(code))) return 'timeout'
  if (/ENOTFOUND|EAI_AGAIN/.test(String(code))) return 'unknown_host'
  if (code === 'ECONNREFUSED') return 'connection_refused'
  if (/CERT|TLS|SSL|SELF_SIGNED|ERR_OSSL/.test(String(code))) return 'tls'
  return 'connection_broken'
}

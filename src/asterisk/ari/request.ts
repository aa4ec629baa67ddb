import { AriError } from './errors.js'

export type AriMethod = 'GET' | 'POST' | 'PUT' | 'DELETE'

export interface AriRequest {
  readonly method: AriMethod
  /** Template with `{name}` places, for example `/channels/{channelId}/answer`. It names the request in logs and metrics. */
  readonly path: string
  readonly params?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>
  readonly body?: unknown
  readonly timeoutMs?: number
  /** Statuses besides 2xx that count as done. */
  readonly alsoOk?: readonly number[]
}

export interface AriResponse {
  readonly status: number
  /** Parsed JSON, undefined when there was none. */
  readonly body: unknown
}

/** Sends one request and resolves with whatever status came; rejects with AriError when none came. */
export interface AriTransport {
  readonly via: 'ws' | 'http'
  send(request: AriRequest): Promise<AriResponse>
}

export const defaultTimeoutMs = 5000

// biome-ignore lint/suspicious/noControlCharactersInRegex: exactly those are refused
const unsafeId = /[\u0000-\u001f\u007f]/

/**
 * The target of a request, below `/ari`, with every id percent-encoded.
 * @throws AriError invalid for an id that is missing, empty, `.` or `..`, over 150 characters or holds control characters
 */
export function buildTarget(request: AriRequest): string {
  const path = request.path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = request.params?.[name] ?? ''
    if (!value || value === '.' || value === '..' || value.length > 150 || unsafeId.test(value)) {
      throw new AriError('invalid', request.method, request.path, undefined, `${name} is not a usable id`)
    }
    return encodeURIComponent(value)
  })
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(request.query ?? {})) {
    if (value !== undefined) query.set(name, String(value))
  }
  // Asterisk decodes %20 everywhere, a plus only in forms.
  const search = query.toString().replace(/\+/g, '%20')
  return search ? `${path}?${search}` : path
}

/** Parses a body; anything that is not JSON counts as none. */
export function parseBody(text: string | undefined): unknown {
  if (!text) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

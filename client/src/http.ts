import type { Problem } from './generated/contracts.js'
import { type Fetch, type FetchResponse, globals, randomKey } from './platform.js'
import { CtiProblem, CtiUnreachable } from './problem.js'

/** What a single call may add. */
export interface CallOptions {
  /** Version the change is meant for (the `version` of what was read): sent as If-Match. */
  readonly version?: number
  /** Own Idempotency-Key; POST gets a random one otherwise. */
  readonly idempotencyKey?: string
  /** AbortSignal. */
  readonly signal?: unknown
}

export interface HttpRequest extends CallOptions {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>
  readonly body?: unknown
  /** Text of a table instead of a JSON body: text/csv. */
  readonly file?: Uint8Array | string
  /** The answer is sound, not JSON: bytes. */
  readonly sound?: boolean
  /** Which bytes of it, `bytes=0-65535`. */
  readonly range?: string
  readonly authorization?: string
  readonly clientId?: string
  /** A status beside the successes whose body is the answer, too. */
  readonly alsoAnswer?: number
}

/** One request, JSON in and out. A POST whose answer got lost is sent once more under the same Idempotency-Key. */
export async function sendRequest<T>(baseUrl: string, fetch: Fetch, request: HttpRequest): Promise<T> {
  const headers: Record<string, string> = {
    accept: request.sound ? 'audio/wav, application/json' : 'application/json',
  }
  if (request.authorization !== undefined) headers.authorization = request.authorization
  if (request.clientId !== undefined && request.method !== 'GET') headers['x-cti-client'] = request.clientId
  if (request.range !== undefined) headers.range = request.range
  if (request.version !== undefined) headers['if-match'] = `"${request.version}"`
  const key =
    request.idempotencyKey ??
    (request.method === 'POST' && request.authorization !== undefined ? randomKey() : undefined)
  if (key !== undefined) headers['idempotency-key'] = key
  if (request.body !== undefined) headers['content-type'] = 'application/json'
  if (request.file !== undefined) headers['content-type'] = 'text/csv'
  const url = baseUrl + request.path + queryOf(request.query)
  const options = {
    method: request.method,
    headers,
    signal: request.signal,
    credentials: 'same-origin' as const,
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    ...(request.file === undefined ? {} : { body: request.file }),
  }
  let response: FetchResponse
  try {
    response = await fetch(url, options)
  } catch (error) {
    if (isAbort(error) || (request.method !== 'GET' && key === undefined))
      throw isAbort(error) ? error : new CtiUnreachable(error)
    response = await fetch(url, options).catch((again: unknown) => {
      throw new CtiUnreachable(again)
    })
  }
  if (request.sound && response.ok) return new Uint8Array(await response.arrayBuffer()) as T
  return readAnswer<T>(response, request.alsoAnswer)
}

async function readAnswer<T>(response: FetchResponse, alsoAnswer: number | undefined): Promise<T> {
  const text = await response.text()
  const isJson = /\bjson\b/.test(response.headers.get('content-type') ?? '')
  const value: unknown = text === '' ? undefined : isJson ? JSON.parse(text) : text
  if (response.ok || (response.status === alsoAnswer && !isProblem(value))) return value as T
  throw new CtiProblem(
    isProblem(value)
      ? value
      : {
          type: 'about:blank',
          title: `HTTP ${response.status}`,
          status: response.status,
          code: 'CTI_ERR_INTERNAL',
          requestId: '',
        },
  )
}

function isProblem(value: unknown): value is Problem {
  return typeof (value as Problem | undefined)?.code === 'string'
}

function isAbort(error: unknown): boolean {
  return (error as { name?: unknown } | undefined)?.name === 'AbortError'
}

function queryOf(query: HttpRequest['query']): string {
  const pairs = Object.entries(query ?? {})
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => [key, String(value)])
  return pairs.length === 0 ? '' : `?${new globals.URLSearchParams(pairs).toString()}`
}

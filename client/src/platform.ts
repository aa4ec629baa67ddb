/**
 * The few things of Node 20 and browsers that the client uses, described by what it uses of them, so that it needs neither the
 * types of one nor of the other.
 */

export interface FetchResponse {
  readonly ok: boolean
  readonly status: number
  readonly headers: { get(name: string): string | null }
  text(): Promise<string>
  arrayBuffer(): Promise<ArrayBuffer>
}
export interface FetchOptions {
  readonly method: string
  readonly headers: Record<string, string>
  readonly body?: string | Uint8Array
  readonly credentials?: 'same-origin'
  readonly signal?: unknown
}
export type Fetch = (url: string, options: FetchOptions) => Promise<FetchResponse>

export interface WebSocketLike {
  onopen: ((event: never) => void) | null
  onmessage: ((event: never) => void) | null
  onclose: ((event: never) => void) | null
  onerror: ((event: never) => void) | null
  send(text: string): void
  close(code?: number, reason?: string): void
}
/** The global WebSocket of browsers and Node 22+, or `WebSocket` of the package ws. */
export type WebSocketImpl = new (url: string) => WebSocketLike

interface Globals {
  fetch?: Fetch
  WebSocket?: WebSocketImpl
  location?: { origin: string }
  setTimeout(work: () => void, ms: number): unknown
  clearTimeout(timer: unknown): void
  performance: { now(): number }
  Date: { now(): number }
  crypto: {
    getRandomValues(bytes: Uint8Array): Uint8Array
    /** Missing on pages without TLS. */
    subtle: {
      importKey(form: 'raw', key: Uint8Array, how: object, extractable: boolean, uses: string[]): Promise<unknown>
      verify(how: 'HMAC', key: unknown, signature: Uint8Array, text: Uint8Array): Promise<boolean>
    }
  }
  TextEncoder: new () => { encode(text: string): Uint8Array }
  atob(base64: string): string
  navigator?: { locks?: { request<T>(name: string, work: () => Promise<T>): Promise<T> } }
  URLSearchParams: new (pairs: string[][]) => { toString(): string }
}

export const globals = globalThis as unknown as Globals

/** 128 random bits, a usable `clientId`, too; crypto.randomUUID is missing on pages without TLS. */
export function randomKey(): string {
  return [...globals.crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
}

/** Runs one refresh at a time, across the tabs of a browser too: a refresh token is used once. */
export function exclusively<T>(name: string, work: () => Promise<T>): Promise<T> {
  const locks = globals.navigator?.locks
  return locks === undefined ? work() : locks.request(name, work)
}

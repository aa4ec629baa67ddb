import { readFileSync } from 'node:fs'
import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'
import { checkNodes } from './config-nodes.js'
import type { RedisAddress } from './platform/redis.js'
import type { SealingKeys } from './platform/sealing.js'

/** host:port, the host an address, a name, or an IPv6 address in brackets. */
const SENTINEL = '(\\[[0-9A-Fa-f:.]+\\]|[A-Za-z0-9._-]+):[0-9]{1,5}'

/** An address or a network, or one of the names that proxy-addr knows. */
const PROXY = '(loopback|linklocal|uniquelocal|[0-9A-Fa-f:.]+(/[0-9]{1,3})?)'
/** A name, an address, or an IPv6 address in brackets, with or without a port. */
const WEBHOOK_HOST = '(\\[[0-9A-Fa-f:.]+\\]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?'
const ORIGIN = 'https?://[A-Za-z0-9.:\\[\\]-]+'
const HEX_KEY = '[0-9a-fA-F]{64}'
const KEY = `^${HEX_KEY}$`

/**
 * The server's environment: one schema, every error reported at once, the result frozen. A secret `X` may be given as a file
 * by `X_FILE` (for container secrets).
 */
const ConfigSchema = Type.Object({
  CTI_HTTP_HOST: Type.String({ default: '127.0.0.1', minLength: 1 }),
  CTI_HTTP_PORT: Type.Integer({ default: 8120, minimum: 0, maximum: 65535 }),
  /** Proxies whose X-Forwarded-For is believed: addresses and networks, separated by commas. */
  CTI_TRUST_PROXY: Type.Optional(Type.String({ pattern: `^${PROXY}(,${PROXY})*$` })),
  CTI_REDIS_URL: Type.String({ pattern: '^rediss?://' }),
  CTI_REDIS_SENTINELS: Type.Optional(Type.String({ pattern: `^${SENTINEL}(,${SENTINEL})*$` })),
  CTI_REDIS_MASTER: Type.String({ default: 'mymaster', pattern: '^[A-Za-z0-9._-]{1,60}$' }),
  CTI_REDIS_SENTINEL_PASSWORD: Type.Optional(Type.String({ minLength: 1 })),
  CTI_PG_URL: Type.String({ pattern: '^postgres(ql)?://' }),
  CTI_ARI_URL: Type.String({ default: 'http://127.0.0.1:8121', pattern: '^https?://' }),
  CTI_ARI_USER: Type.String({ default: 'cti', minLength: 1 }),
  CTI_ARI_PASSWORD: Type.String({ minLength: 8 }),
  CTI_ARI_REST: Type.Union([Type.Literal('ws'), Type.Literal('http'), Type.Literal('mixed')], { default: 'mixed' }),
  CTI_AMI_HOST: Type.String({ default: '127.0.0.1', minLength: 1 }),
  CTI_AMI_PORT: Type.Integer({ default: 5121, minimum: 1, maximum: 65535 }),
  CTI_AMI_USER: Type.String({ default: 'cti', minLength: 1 }),
  CTI_AMI_PASSWORD: Type.String({ minLength: 8 }),
  CTI_NODE: Type.String({ default: 'node1', pattern: '^[a-z0-9]{1,20}$' }),
  /** Further PBX nodes, JSON: see NodeSchema. */
  CTI_NODES: Type.String({ default: '[]' }),
  CTI_CENTRE: Type.String({ default: 'gaon', pattern: '^[a-z][a-z0-9-]{0,39}$' }),
  CTI_JWT_SECRET: Type.String({ minLength: 32 }),
  /** Where it came from, when it came from a file: a new one is taken over while the server runs. */
  CTI_JWT_SECRET_FILE: Type.Optional(Type.String()),
  /** Seals personal data at rest (platform/sealing.ts). */
  CTI_DATA_KEY: Type.String({ pattern: KEY }),
  /** Keys that only open what they sealed before, joined by commas. */
  CTI_DATA_KEY_OLD: Type.Optional(Type.String({ pattern: `^${HEX_KEY}(,${HEX_KEY})*$` })),
  /** Finds sealed numbers, and chains the access log; never changes. */
  CTI_INDEX_KEY: Type.String({ pattern: KEY }),
  /** TLS without a proxy. */
  CTI_TLS_CERT_FILE: Type.Optional(Type.String({ pattern: '^/' })),
  CTI_TLS_KEY_FILE: Type.Optional(Type.String({ pattern: '^/' })),
  /** Origins of foreign pages that may call the API, joined by commas. */
  CTI_CORS_ORIGINS: Type.Optional(Type.String({ pattern: `^${ORIGIN}(,${ORIGIN})*$` })),
  CTI_OIDC_ISSUER: Type.Optional(Type.String({ pattern: '^https?://' })),
  CTI_OIDC_CLIENT_ID: Type.Optional(Type.String({ minLength: 1 })),
  CTI_OIDC_CLIENT_SECRET: Type.Optional(Type.String({ minLength: 1 })),
  CTI_OIDC_REDIRECT_URL: Type.Optional(Type.String({ pattern: '^https?://[^?#]+/v1/auth/oidc/callback$' })),
  CTI_OIDC_CLAIM: Type.String({ default: 'sub', pattern: '^[A-Za-z0-9_:./-]{1,100}$' }),
  CTI_OIDC_SCOPE: Type.String({ default: 'openid', pattern: '^openid( [^ ]+)*$' }),
  CTI_OIDC_LABEL: Type.Optional(Type.String({ minLength: 1, maxLength: 40 })),
  CTI_LOG_LEVEL: Type.Enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], { default: 'info' }),
  CTI_ROLES: Type.String({
    default: 'api,telephony,worker',
    pattern: '^(api|telephony|worker)(,(api|telephony|worker))*$',
  }),
  CTI_CLIENT_GRACE_SECONDS: Type.Integer({ default: 30, minimum: 1, maximum: 3600 }),
  CTI_OVERLOAD_LOOP_MS: Type.Integer({ default: 200, minimum: 20, maximum: 60_000 }),
  CTI_OVERLOAD_REDIS_MS: Type.Integer({ default: 500, minimum: 20, maximum: 60_000 }),
  /** Hosts inside the house that webhooks may go to, also by http: `host` or `host:port`. */
  CTI_WEBHOOK_HOSTS: Type.Optional(Type.String({ pattern: `^${WEBHOOK_HOST}(,${WEBHOOK_HOST})*$` })),
  CTI_WEBHOOK_KEY: Type.Optional(Type.String({ minLength: 32 })),
  CTI_JOURNAL_KEEP: Type.Integer({ default: 100_000, minimum: 1000 }),
  /** `id:base64`, the first one for new files; more, after commas, only to read older ones. */
  CTI_RECORDING_KEY: Type.Optional(
    Type.String({ pattern: '^[A-Za-z0-9_-]{1,40}:[A-Za-z0-9+/]{43}=(,[A-Za-z0-9_-]{1,40}:[A-Za-z0-9+/]{43}=)*$' }),
  ),
  /** Where the home node's PBX writes, as this process sees it. */
  CTI_RECORDING_SPOOL: Type.Optional(Type.String({ pattern: '^/' })),
  /** Store: a folder, or an S3-compatible one. */
  CTI_RECORDING_DIR: Type.Optional(Type.String({ pattern: '^/' })),
  CTI_RECORDING_S3_URL: Type.Optional(
    Type.String({ pattern: '^https?://[^/\\s?#]+/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[A-Za-z0-9/_-]*)?$' }),
  ),
  CTI_RECORDING_S3_REGION: Type.String({ default: 'us-east-1', minLength: 1 }),
  CTI_RECORDING_S3_ACCESS_KEY: Type.Optional(Type.String({ minLength: 1 })),
  CTI_RECORDING_S3_SECRET_KEY: Type.Optional(Type.String({ minLength: 1 })),
  CTI_RECORDING_MIN_FREE_MB: Type.Integer({ default: 500, minimum: 0 }),
  CTI_FAULT: Type.Optional(Type.String({ pattern: '^[a-z][a-z0-9._-]*(:[1-9][0-9]*)?$' })),
  CTI_FAULT_CENTRE: Type.Optional(Type.String()),
  CTI_FAULT_FROM: Type.Union([Type.Literal('start'), Type.Literal('signal')], { default: 'start' }),
})

export type Config = Readonly<Static<typeof ConfigSchema>>
export type ServerRole = 'api' | 'telephony' | 'worker'

const SECRETS = [
  'CTI_REDIS_URL',
  'CTI_REDIS_SENTINEL_PASSWORD',
  'CTI_PG_URL',
  'CTI_ARI_PASSWORD',
  'CTI_AMI_PASSWORD',
  'CTI_NODES',
  'CTI_JWT_SECRET',
  'CTI_WEBHOOK_KEY',
  'CTI_RECORDING_KEY',
  'CTI_RECORDING_S3_SECRET_KEY',
  'CTI_DATA_KEY',
  'CTI_DATA_KEY_OLD',
  'CTI_INDEX_KEY',
  'CTI_OIDC_CLIENT_SECRET',
] as const

/** Thrown with every problem found; the message is meant for the operator and holds no value. */
export class ConfigError extends Error {
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(`the environment is not right:\n${problems.map((p) => `  - ${p}`).join('\n')}\nSee docs/configuration.md.`)
    this.name = 'ConfigError'
    this.problems = problems
  }
}

/**
 * Reads the configuration.
 * @param env process.env or a copy
 * @throws ConfigError naming every missing or wrong variable at once. Other CTI_* variables are passed over: scripts, Asterisk's
 *   rendering and other programs of the same environment have theirs.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const problems: string[] = []
  const given: Record<string, unknown> = {}
  for (const name of Object.keys(ConfigSchema.properties)) {
    if (env[name] !== undefined && env[name] !== '') given[name] = env[name]
  }
  for (const name of SECRETS) {
    const file = env[`${name}_FILE`]
    if (given[name] !== undefined || file === undefined) continue
    try {
      given[name] = readFileSync(file, 'utf8').trim()
    } catch {
      problems.push(`${name}_FILE: the file ${file} cannot be read`)
    }
  }
  if (env.CTI_JWT_SECRET) delete given.CTI_JWT_SECRET_FILE
  const value = Value.Default(ConfigSchema, Value.Convert(ConfigSchema, given)) as Record<string, unknown>
  for (const error of Value.Errors(ConfigSchema, value)) problems.push(describe(error))
  problems.push(...checkNodes(value.CTI_NODES, value.CTI_NODE), ...checkRecordingStore(value))
  problems.push(...checkPairs(value))
  if (problems.length > 0) throw new ConfigError([...new Set(problems)].sort())
  return Object.freeze(value as Static<typeof ConfigSchema>)
}

/** What only works together. */
function checkPairs(value: Record<string, unknown>): string[] {
  const together = [
    ['CTI_TLS_CERT_FILE', 'CTI_TLS_KEY_FILE'],
    ['CTI_OIDC_ISSUER', 'CTI_OIDC_CLIENT_ID', 'CTI_OIDC_REDIRECT_URL'],
  ]
  return together.flatMap((names) => {
    const missing = names.filter((name) => value[name] === undefined)
    return missing.length === 0 || missing.length === names.length
      ? []
      : missing.map(
          (name) => `${name}: must be set with ${names.filter((each) => value[each] !== undefined).join(', ')}`,
        )
  })
}

/** Keys for what is sealed at rest. */
export function sealingKeys(config: Pick<Config, 'CTI_DATA_KEY' | 'CTI_DATA_KEY_OLD' | 'CTI_INDEX_KEY'>): SealingKeys {
  return {
    dataKey: config.CTI_DATA_KEY,
    oldDataKeys: config.CTI_DATA_KEY_OLD?.split(','),
    indexKey: config.CTI_INDEX_KEY,
  }
}

export function rolesOf(config: Config): ReadonlySet<ServerRole> {
  return new Set(config.CTI_ROLES.split(',') as ServerRole[])
}

/** Where Redis is: at its address, or at the one that the Sentinels name. */
export function redisAddress(config: Config): RedisAddress {
  const { CTI_REDIS_SENTINELS: sentinels, CTI_REDIS_MASTER: master, CTI_REDIS_SENTINEL_PASSWORD: password } = config
  if (sentinels === undefined) return { url: config.CTI_REDIS_URL }
  const hosts = sentinels.split(',').map((each) => {
    const at = each.lastIndexOf(':')
    return { host: each.slice(0, at).replace(/^\[(.*)\]$/, '$1'), port: Number(each.slice(at + 1)) }
  })
  return { url: config.CTI_REDIS_URL, sentinel: { sentinels: hosts, master, password } }
}

/** One store, and one that is complete. */
function checkRecordingStore(value: Record<string, unknown>): string[] {
  const [dir, s3] = [value.CTI_RECORDING_DIR, value.CTI_RECORDING_S3_URL]
  if (dir !== undefined && s3 !== undefined)
    return ['CTI_RECORDING_DIR, CTI_RECORDING_S3_URL: only one of them may be set']
  const missing = ['CTI_RECORDING_S3_ACCESS_KEY', 'CTI_RECORDING_S3_SECRET_KEY'].filter(
    (name) => value[name] === undefined,
  )
  return s3 === undefined
    ? []
    : missing.map((name) => `${name}: must be set (or ${name}_FILE) with CTI_RECORDING_S3_URL`)
}

function describe(error: { keyword: string; instancePath: string; message: string; params: object }): string {
  const missing = (error.params as { requiredProperties?: string[] }).requiredProperties
  if (error.keyword === 'required' && missing)
    return `${missing.join(', ')}: must be set${missing.length === 1 ? ` (or ${missing[0]}_FILE)` : ''}`
  return `${error.instancePath.slice(1)}: ${error.message}`
}

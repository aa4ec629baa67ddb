import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import type { Redis } from 'ioredis'
import type { Fence } from '../platform/fence.js'
import { KEY_PARTS, type KeyPart } from '../platform/keys.js'

const INCLUDE = /^--- @include "([a-z-]+)"$/
const KEY = /\bK\.(\w+)/g
/** A top-level function: its `end` is the first one at the beginning of a line. */
const FUNCTION = /^local function (\w+)\([\s\S]*?\nend\n/gm
const FOLDER = new URL('./lua/', import.meta.url)

export interface Script {
  readonly name: string
  readonly source: string
  readonly sha: string
}

/**
 * Reads a script: every `--- @include "name"` line is replaced by include/name.lua, once, before what needs it; every
 * `K.part` becomes the key's name behind the prefix (platform/keys.ts), so that key names stand in one file only.
 * @throws Error on an unknown include or key part
 */
export function loadScript(name: string, read: (file: string) => string = readLua): Script {
  const seen = new Set<string>()
  const expand = (file: string): string =>
    read(file)
      .split('\n')
      .map((line) => {
        const include = INCLUDE.exec(line)?.[1]
        if (include === undefined) return line
        if (seen.has(include)) return ''
        seen.add(include)
        return expand(`include/${include}`)
      })
      .join('\n')
  const source = dropUnused(expand(name).replace(/^\s*--.*\n/gm, '')).replace(KEY, (_, part: string) => {
    if (!Object.hasOwn(KEY_PARTS, part)) throw new Error(`${name}.lua: unknown key K.${part}`)
    return `P..'${KEY_PARTS[part as KeyPart]}'`
  })
  return hashed(name, source)
}

/**
 * Leaves out the functions of includes that the script does not reach. Redis runs the whole text at every call, and each
 * `local function` costs the making of a closure and its collection: without this a short script pays for all it includes.
 */
function dropUnused(source: string): string {
  const kept = source.replace(FUNCTION, (block, name: string) =>
    source.replace(block, '').match(new RegExp(`\\b${name}\\b`)) === null ? '' : block,
  )
  return kept === source ? source : dropUnused(kept)
}

/**
 * A script under the name Redis knows it by. The first line (Redis 7) makes a Redis that is full or whose replica is away refuse the whole
 * script; without it the script would stop at its first write that needs memory, half done.
 */
export function hashed(name: string, body: string): Script {
  const source = `#!lua\n${body}`
  return { name, source, sha: createHash('sha1').update(source).digest('hex') }
}

function readLua(file: string): string {
  return readFileSync(new URL(`${file}.lua`, FOLDER), 'utf8')
}

/** All transitions, read once. */
export function loadScripts(): ReadonlyMap<string, Script> {
  const names = readdirSync(FOLDER)
    .filter((file) => file.endsWith('.lua'))
    .map((file) => file.slice(0, -4))
  return new Map(names.map((name) => [name, loadScript(name)]))
}

/** Runs a script in one round trip by its hash; a Redis that does not know it yet gets the text. */
export async function runScript(
  redis: Redis,
  script: Script,
  prefix: string,
  args: readonly (string | number)[],
  by?: Pick<Fence, 'key' | 'token'>,
): Promise<unknown> {
  const keys = by === undefined ? [prefix] : [prefix, by.key]
  const all = by === undefined ? args : [...args, by.token]
  try {
    return await redis.evalsha(script.sha, keys.length, ...keys, ...all)
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error
    return redis.eval(script.source, keys.length, ...keys, ...all)
  }
}

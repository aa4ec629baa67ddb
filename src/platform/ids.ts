import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { v7 as uuidv7 } from 'uuid'

/** A new id, unique and ordered by time (RFC 9562 UUID version 7), so that records sort by creation. */
export function newId(): string {
  return uuidv7()
}

/** A name for this process, for people: `<host>-<pid>-<random>`. A process started again under the same pid is another one. */
export function instanceName(): string {
  return `${hostname().replaceAll(/[^A-Za-z0-9.-]/g, '-')}-${process.pid}-${randomBytes(3).toString('hex')}`
}

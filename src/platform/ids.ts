import { v7 as uuidv7 } from 'uuid'

/** A new id, unique and ordered by time (RFC 9562 UUID version 7), so that records sort by creation. */
export function newId(): string {
  return uuidv7()
}

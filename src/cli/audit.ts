import { userInfo } from 'node:os'
import { parseArgs } from 'node:util'
import { DateTime } from 'luxon'
import { readCentre } from '../centre/store.js'
import { timed } from '../privacy/access-queue.js'
import { appendAccesses, readAccesses, verifyAccessLog } from '../privacy/access-table.js'
import type { ChainHead } from '../privacy/chain.js'
import { withDatabase } from './database.js'
import { CliError, type Io } from './io.js'
import { requireSealing } from './sealing.js'

const USAGE = `usage: cti120 audit verify [--head SEQ:HASH]
       cti120 audit export YYYY-MM-DD --reason TEXT`

/** `cti120 audit verify|export`: the log of who saw whose personal data. */
export async function auditCommand(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { head: { type: 'string' }, reason: { type: 'string' } },
  })
  const [action, day] = positionals
  if (action === 'verify' && positionals.length === 1) return verify(values.head, io)
  if (action === 'export' && day !== undefined && positionals.length === 2) return exportDay(day, values.reason, io)
  throw new CliError(USAGE)
}

/** Exit code 1 when the log is not what was written. The head it prints, kept elsewhere, shows later that nothing was cut off. */
function verify(head: string | undefined, io: Io): Promise<number> {
  const anchor = head === undefined ? undefined : readHead(head)
  const key = requireSealing(io).derive('access log')
  return withDatabase(io, async (postgres) => {
    const verdict = await verifyAccessLog(postgres, key, anchor)
    if (verdict.broken !== undefined) {
      io.err(`CTI_ERR_ACCESS_LOG_BROKEN: entry ${verdict.broken.seq} is ${verdict.broken.what}\n`)
      return 1
    }
    if (verdict.anchorLost) {
      io.err(`CTI_ERR_ACCESS_LOG_BROKEN: the head ${head} is not in the log any more\n`)
      return 1
    }
    io.out(`${verdict.head.seq} entries, unbroken; head ${verdict.head.seq}:${verdict.head.hash.toString('hex')}\n`)
    return 0
  })
}

function readHead(text: string): ChainHead {
  const [, seq, hash] = /^(\d{1,15}):([0-9a-f]{64})$/i.exec(text) ?? []
  if (seq === undefined || hash === undefined) throw new CliError('--head is SEQ:HASH, as verify prints it')
  return { seq: Number(seq), hash: Buffer.from(hash, 'hex') }
}

/** One JSON object a line; the export is an entry of the log itself. */
function exportDay(day: string, reason: string | undefined, io: Io): Promise<number> {
  if (reason === undefined || reason.trim().length < 5)
    throw new CliError('an export needs a --reason of at least 5 characters')
  const key = requireSealing(io).derive('access log')
  return withDatabase(io, async (postgres) => {
    const zone = (await readCentre(postgres))?.file.centre.timeZone ?? 'Asia/Seoul'
    const from = DateTime.fromISO(day, { zone })
    if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || !from.isValid) throw new CliError('the day is YYYY-MM-DD')
    const until = from.plus({ days: 1 }).toMillis()
    // Written down first: nothing leaves that is not in the log.
    const who = `cli:${accountName()}`
    const access = { who, action: 'export', subject: 'access_log', whose: [], what: [day], reason } as const
    await appendAccesses(postgres, key, [timed(access, Date.now())])
    for await (const { at, previous, hash, ...row } of readAccesses(postgres, from.toMillis(), until)) {
      const line = {
        ...row,
        at: new Date(at).toISOString(),
        previous: previous.toString('hex'),
        hash: hash.toString('hex'),
      }
      io.out(`${JSON.stringify(line)}\n`)
    }
    return 0
  })
}

function accountName(): string {
  try {
    return userInfo().username.slice(0, 70)
  } catch {
    return 'unknown' // no entry in the user table, as in some containers
  }
}

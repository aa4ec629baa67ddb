import { existsSync, readFileSync } from 'node:fs'

/** One SIP message as SIPp traced it. */
export interface SipMessage {
  direction: 'sent' | 'received'
  firstLine: string
  /** Status code of a response. */
  status?: number
  /** Method of a request. */
  method?: string
  /** By lower-case name; the first one where a header stands twice. */
  headers: Readonly<Record<string, string>>
  body: string
}

/** Reads what SIPp wrote with -trace_msg; empty while there is nothing yet. */
export function readSipLog(file: string): SipMessage[] {
  if (!existsSync(file)) return []
  const messages: SipMessage[] = []
  for (const block of readFileSync(file, 'utf8').split(/^-{20,}[^\n]*\n/m)) {
    const match = /^UDP message (sent|received) [^\n]*\n\n([\s\S]*)$/.exec(block)
    if (!match) continue
    const [head = '', ...rest] = match[2]!.replaceAll('\r', '').split('\n\n')
    const [firstLine = '', ...lines] = head.split('\n')
    const headers: Record<string, string> = {}
    for (const line of lines) {
      const colon = line.indexOf(':')
      const name = line.slice(0, colon).trim().toLowerCase()
      if (colon > 0) headers[name] ??= line.slice(colon + 1).trim()
    }
    const status = /^SIP\/2\.0 (\d{3})/.exec(firstLine)?.[1]
    messages.push({
      direction: match[1] as 'sent' | 'received',
      firstLine,
      ...(status ? { status: Number(status) } : { method: firstLine.split(' ')[0] }),
      headers,
      body: rest.join('\n\n').trim(),
    })
  }
  return messages
}

/** The audio port that an SDP body offers, if any. */
export function audioPort(message: SipMessage): number | undefined {
  const port = /^m=audio (\d+) /m.exec(message.body)?.[1]
  return port ? Number(port) : undefined
}

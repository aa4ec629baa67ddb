import { ERROR_CATALOGUE, type ErrorKind } from '../src/api/error-catalogue.js'
import { EVENTS, type EventKind } from '../src/journal/events.js'

/** docs/api/errors.md: every code that an answer or a socket may carry. */
export function errorsPage(): string {
  const rows = (Object.entries(ERROR_CATALOGUE) as [string, ErrorKind][])
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([code, { status, title, action, close }]) =>
        `| \`${code}\` | ${status} | ${close ?? ''} | ${title} | ${action} | ${again(status)} |`,
    )
  return `# Error codes

Made by \`npm run openapi\` from \`src/api/error-catalogue.ts\`. The same codes by subject, with how to read a problem document: [../errors.md](../errors.md).
\`close\`: the close code when the error ends a WebSocket. \`again\`: whether the same request may work later, unchanged.

| code | status | close | what | what to do | again |
|---|---|---|---|---|---|
${rows.join('\n')}
`
}

function again(status: number): string {
  return status === 429 || status >= 500 ? 'yes, after `Retry-After`' : 'no'
}

interface Shape {
  readonly type?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Shape[]
  readonly items?: Shape
  readonly properties?: Readonly<Record<string, Shape>>
  readonly required?: readonly string[]
  readonly description?: string
}

/** docs/api/events.md: every event that leaves the server. */
export function eventsPage(): string {
  const parts = (Object.entries(EVENTS) as [string, EventKind][])
    .filter(([, { audience }]) => audience !== 'system')
    .map(([type, { about, audience, version, data }]) => {
      const shape = data as unknown as Shape
      const rows = Object.entries(shape.properties ?? {}).map(
        ([name, field]) =>
          `| \`${name}\` | ${typeOf(field)}${shape.required?.includes(name) ? '' : ', optional'} | ${field.description ?? ''} |`,
      )
      return `## ${type}

${about} Seen by: ${audience}. Version ${version}.

| field of \`data\` | type | |
|---|---|---|
${rows.join('\n')}
`
    })
  return `# Events

Made by \`npm run openapi\` from \`src/journal/events.ts\`; for machines: [asyncapi.json](asyncapi.json). Each comes in the envelope
\`{id, epoch, seq, type, time, subject, version, contactId?, data}\`, over the WebSocket inside \`{"type": "event", "event": …}\`, to a webhook bare.
\`floor\`: who has \`floor:read\`; \`agent\`: the agent it is about, and who has \`floor:supervise\`; \`supervision\`: who has
\`floor:supervise\`, and the agent when \`shown\`; \`addressed\`: those whom it names (\`from\`, \`to\`). Numbers and names are masked by role.

${parts.join('\n')}`
}

function typeOf(shape: Shape): string {
  if (shape.const !== undefined) return `\`${JSON.stringify(shape.const)}\``
  if (shape.enum !== undefined) return shape.enum.map((value) => `\`${JSON.stringify(value)}\``).join(' or ')
  if (shape.anyOf !== undefined) return shape.anyOf.map(typeOf).join(' or ')
  if (shape.type === 'array') return `list of ${typeOf(shape.items ?? {})}`
  return shape.type ?? 'anything'
}

import { ERROR_CATALOGUE } from '../error-catalogue.js'
import type { Json } from './references.js'

/** Plain pages of the documents, for people: no script, nothing from elsewhere. PURE. */

const text = (raw: string): string =>
  raw.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
const code = (raw: string): string => `<code>${text(raw)}</code>`
const page = (title: string, body: string): string =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>cti120 ${title}</title><h1>${title}</h1><p><a href="/docs/">operations</a> · <a href="/docs/events">events</a> · <a href="/docs/errors">errors</a> · <a href="/openapi.json">openapi.json</a> · <a href="/asyncapi.json">asyncapi.json</a></p>${body}</html>`

/** What the `type` of a problem points at. */
export function errorPage(): string {
  const rows = Object.entries(ERROR_CATALOGUE).map(
    ([name, { status, title, action }]) =>
      `<tr id="${name.toLowerCase()}"><td>${code(name)}</td><td>${status}</td><td>${text(title)}</td><td>${text(action)}</td></tr>`,
  )
  return page('Errors', `<table><tr><th>code<th>status<th>what<th>what to do</tr>${rows.join('')}</table>`)
}

interface Schema {
  readonly $ref?: string
  readonly type?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Schema[]
  readonly items?: Schema
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly description?: string
}
interface Message {
  readonly name: string
  readonly summary?: string
  readonly payload: Schema
  readonly 'x-audience'?: string
}

/** The AsyncAPI document as a page: every frame and every event with its fields. */
export function eventPage(document: Json): string {
  const { messages, schemas } = document.components as {
    messages: Record<string, Message>
    schemas: Record<string, Schema>
  }
  const part = (prefix: string, heading: string) =>
    `<h2 id="${prefix}">${heading}</h2>${Object.entries(messages)
      .filter(([name]) => name.startsWith(`${prefix}.`))
      .map(([name, message]) => section(name, message))
      .join('')}`
  const named = Object.entries(schemas)
    .map(([name, schema]) => `<h3 id="schema-${name}">${text(name)}</h3>${fields(schema)}`)
    .join('')
  return page(
    'Events',
    `<p>One WebSocket, <code>/v1/events</code>. Webhooks carry the same events (the object <code>event</code>).</p>${part('client', 'Frames of the client')}${part('server', 'Frames of the server')}${part('event', 'Events')}<h2>Shapes</h2>${named}`,
  )
}

function section(id: string, { name, summary, payload, 'x-audience': audience }: Message): string {
  const data = payload.properties?.event?.properties?.data
  const about = summary === undefined ? '' : `<p>${text(summary)} Seen by: ${text(audience ?? '')}.</p>`
  return `<h3 id="${id}">${text(name)}</h3>${about}${fields(data ?? payload)}`
}

function fields(schema: Schema): string {
  if (schema.properties === undefined) return `<p>${typeOf(schema)}</p>`
  const rows = Object.entries(schema.properties).map(
    ([name, field]) =>
      `<tr><td>${code(name)}${schema.required?.includes(name) ? '' : ' (optional)'}<td>${typeOf(field)}<td>${text(field.description ?? '')}`,
  )
  return `<table>${rows.join('')}</table>`
}

function typeOf(schema: Schema): string {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1)
    return `<a href="#schema-${name}">${text(name)}</a>`
  }
  if (schema.const !== undefined) return code(JSON.stringify(schema.const))
  if (schema.enum !== undefined) return schema.enum.map((value) => code(JSON.stringify(value))).join(' | ')
  if (schema.anyOf !== undefined) return schema.anyOf.map(typeOf).join(' | ')
  if (schema.type === 'array') return `list of ${typeOf(schema.items ?? {})}`
  return text(schema.type ?? 'anything')
}

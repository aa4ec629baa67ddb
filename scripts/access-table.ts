import { permissionsOf, ROLES } from '../src/api/auth/permissions.js'

interface DocumentedOperation {
  readonly operationId: string
  readonly summary?: string
  readonly security: readonly unknown[]
  readonly 'x-permission'?: string
}

/** docs/api/access.md: every operation by every role, from the document and the table of permissions; a test asks the real server. */
export function accessTable(document: Record<string, unknown>): string {
  const rows = Object.entries(document.paths as Record<string, Record<string, DocumentedOperation>>)
    .flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => row(path, method, operation)))
    .sort()
  return `# Who may do what

Made by \`npm run openapi\` from the routes and \`src/api/auth/permissions.ts\`; \`test/integration/conformance/access.test.ts\` asks the real server about every
cell. \`yes\` means that the role is let in; what it may then do with which contact, agent or row is said at the operation (\`CTI_ERR_CONTACT_OTHER_AGENT\`
and the like). An API key is let in when it has the scope in the column \`needs\`; \`signed in\` is everybody with a valid token or key, \`nobody\` needs none.

| operation | address | needs | ${ROLES.join(' | ')} |
|---|---|---|${ROLES.map(() => '---|').join('')}
${rows.join('\n')}
`
}

function row(path: string, method: string, operation: DocumentedOperation): string {
  const permission = operation['x-permission']
  const needs = operation.security.length === 0 ? 'nobody' : (permission ?? 'signed in')
  const cells = ROLES.map((role) =>
    permission === undefined || (permissionsOf(role) as readonly string[]).includes(permission) ? 'yes' : 'no',
  )
  return `| ${operation.operationId} | \`${method.toUpperCase()} ${path}\` | ${needs} | ${cells.join(' | ')} |`
}

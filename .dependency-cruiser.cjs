// Who may import whom (docs/architecture.md). A broken rule fails `npm run lint`.
const pure = '(src/calls/contact|src/routing/(model|rank|relax|errors|reference|reference-(state|moves|lookup|parts)|wait-args)|src/agents/presence|src/centre/(hours|sender-number|check-callbacks)|src/callbacks/(risk|time-choices|csv-text|import-columns|import-line|model|contact-id|phoneable|machine|policy|hours|plan|after-attempt|caller-id|order|queue-trouble|figures|slots-plan|welfare-plan)|src/fallback/members-plan|src/asterisk/(translate|causes|text|backoff)|src/calls/(announce|callback-offer|callers-turn|contact-sounds|leg-id|expected-wait|intake|contact-offer|pop|journal-to-contact|recovery-plan|restore|reconcile-plan|reconcile-live|reconcile-model)|src/platform/hysteresis|src/recording/(model|policy|change|due|file-name|mark|range|talking))[.]ts$'

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'pure-stays-pure',
      comment: 'Pure decisions use no clock, process, node:*, logger or store: time is an argument.',
      severity: 'error',
      from: { path: pure },
      to: { dependencyTypesNot: ['type-only'], path: ['^node:', 'node_modules/(ioredis|pg|pino|fastify)', '^src/(platform|api)/'], pathNot: pure },
    },
    {
      name: 'asterisk-only-through-its-port',
      comment: 'Only the composition root (and the room itself) knows Asterisk; the rest asks calls/telephony-port.ts and fallback/port.ts.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(asterisk/|app[.]ts|pbx-link[.]ts|pbx-term[.]ts|ownership[.]ts|health-checks[.]ts|main[.]ts|cli/)' },
      to: { path: '^src/asterisk/' },
    },
    {
      name: 'routing-stands-alone',
      severity: 'error',
      from: { path: '^src/routing/' },
      to: { path: '^src/', pathNot: '^src/(routing|platform|journal)/' },
    },
    {
      name: 'client-and-web-use-the-public-api',
      severity: 'error',
      from: { path: '^(client|web)/' },
      to: { path: '^src/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'api-is-the-edge',
      comment: 'Nobody inside depends on the HTTP edge.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(api/|app[.]ts|edge-options[.]ts|health-checks[.]ts|main[.]ts|cli/)' },
      to: { path: '^src/api/' },
    },
  ],
  options: { doNotFollow: { path: 'node_modules' }, tsPreCompilationDeps: true, tsConfig: { fileName: 'tsconfig.json' } },
}

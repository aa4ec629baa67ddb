import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'yaml'
import type { CentreFile } from '../../src/centre/schema.js'
import { packageRoot } from '../../src/platform/package-root.js'

export interface DemoAgent {
  readonly id: string
  readonly device: string
}

export interface Demo {
  readonly baseUrl: string
  readonly sipHost: string
  readonly sipPort: number
  readonly userPassword: string
  readonly phonePassword: string
  readonly agents: readonly DemoAgent[]
  readonly numbers: readonly string[]
  readonly dispositions: readonly string[]
  readonly categories: readonly string[]
  /** The SIPp scenarios. */
  readonly scenarios: string
  readonly scratch: string
}

/** How many of the centre's agents the demo signs in; the others are free for the newcomer. */
const SIGNED_IN = 12

/** What `npm run up` has set up. @throws Error naming what is missing */
export function readDemo(env: Readonly<Record<string, string | undefined>>): Demo {
  const need = (name: string): string => {
    const value = env[name]
    if (!value) throw new Error(`${name} is not set: start it with npm run up -- --demo-traffic`)
    return value
  }
  const root = packageRoot()
  const file = parse(readFileSync(env.CTI_CENTRE_FILE ?? join(root, 'config/gaon.yaml'), 'utf8')) as CentreFile
  const withPhone = file.agents.filter(({ device, role }) => device !== undefined && role === 'agent')
  // The first three stay for the person in front of the screen. Duty agents come first, so that calls flow at night as well.
  const free = withPhone.slice(3).sort((a, b) => Number('duty' in b.skills) - Number('duty' in a.skills))
  return {
    baseUrl: `http://127.0.0.1:${need('CTI_HTTP_PORT')}`,
    sipHost: '127.0.0.1',
    sipPort: Number(need('CTI_SIP_PORT')),
    userPassword: readFileSync(join(need('CTI_HOME'), 'secrets/demo-user-password'), 'utf8').trim(),
    phonePassword: need('CTI_DEMO_SIP_PASSWORD'),
    agents: free.slice(0, SIGNED_IN).map(({ id, device }) => ({ id, device: device ?? '' })),
    numbers: file.numbers.map(({ number }) => number),
    dispositions: file.dispositions.map(({ id }) => id),
    categories: file.categories.map(({ id }) => id),
    scenarios: join(root, 'scripts/demo'),
    scratch: env.CTI_HOME === undefined ? tmpdir() : join(env.CTI_HOME, 'demo-traffic'),
  }
}

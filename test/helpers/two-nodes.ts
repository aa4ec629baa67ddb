import type { Test } from 'tap'
import { startAsterisk, type TestAsterisk } from './asterisk.js'
import {
  type Citizen,
  type CitizenOptions,
  type Phone,
  type PhoneOptions,
  startCitizen,
  startPhone,
} from './callers.js'
import { findUdpPort } from './ports.js'
import { nodeEntry } from './server.js'
import { until } from './until.js'
import { startWorld, type World, type WorldOptions } from './world.js'

/** Two PBX nodes with a trunk between them: phones 3001-3003 at node1 (the world's own), 3004-3006 at node2; 2001-2030 register at either. */
export interface TwoNodes {
  readonly world: World
  readonly two: TestAsterisk
  /** A phone of node2. */
  phoneAt2(device: string, options?: Omit<PhoneOptions, 'port'>): Promise<Phone>
  /** A citizen rings in at node2. */
  callAt2(options?: CitizenOptions): Promise<Citizen & { readonly caller: string }>
  /** As `world.expectClean`, for both nodes. */
  expectClean(): Promise<void>
}

export async function startTwoNodes(t: Test, options: WorldOptions = {}): Promise<TwoNodes> {
  // Each knows the other by its address; citizens come from 127.0.0.1.
  const one = { host: '127.0.0.11', port: await findUdpPort() }
  const other = { host: '127.0.0.12', port: await findUdpPort() }
  const two = await startAsterisk({
    node: 'node2',
    sip: other,
    phones: await specs(3004, 3005, 3006),
    env: { CTI_PBX_NODES: `node1=${one.host}:${one.port}` },
  })
  const parties: { stop(): Promise<unknown> }[] = []
  const world = await startWorld({
    ...options,
    asterisk: {
      sip: one,
      phones: await specs(3001, 3002, 3003),
      env: { CTI_PBX_NODES: `node2=${other.host}:${other.port}` },
    },
    env: { CTI_NODES: JSON.stringify([nodeEntry(two)]), ...options.env },
  })
  t.teardown(async () => {
    await Promise.allSettled(parties.map((party) => party.stop()))
    await world.stop()
    await two.stop()
  })
  let callers = 0
  return {
    world,
    two,
    async phoneAt2(device, phoneOptions) {
      const phone = await startPhone({ ...phoneOptions, port: two.phones[device]! })
      parties.push(phone)
      return phone
    },
    async callAt2(callOptions = {}) {
      callers += 1
      const caller = `010${String(30_000_000 + callers)}`
      const citizen = await startCitizen(two, { ...callOptions, caller })
      parties.push(citizen)
      return { ...citizen, caller }
    },
    async expectClean() {
      await world.expectClean()
      await Promise.all(parties.splice(0).map((party) => party.stop()))
      // Not by a second observer: ari-client knows one password in a process.
      await until(async () => ((await two.ari('channels')) as unknown[]).length === 0, {
        what: 'no channel is left at node2',
      })
    },
  }
}

async function specs(...devices: number[]): Promise<string[]> {
  const found: string[] = []
  for (const device of devices) found.push(`${device}@127.0.0.1:${await findUdpPort()}`)
  return found
}

import { BlockList, isIP, isIPv6 } from 'node:net'

/**
 * Where messages may go. A webhook makes the server send requests to an address that somebody typed, so by default only to public addresses by
 * https; what is inside the house has to be named by the operator (CTI_WEBHOOK_HOSTS). PURE.
 */
export interface TargetPolicy {
  /** `host`, or `host:port` for one port: may be http and have a private address. */
  readonly allowed: ReadonlySet<string>
}

export type TargetProblem = 'not_a_url' | 'not_https' | 'credentials' | 'private_address'

/** Addresses that are no public receiver: this machine, private nets, link-local (clouds' metadata), carriers' nets, multicast, reserved. */
const CLOSED = new BlockList()
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  CLOSED.addSubnet(net, bits, 'ipv4')
for (const [net, bits] of [
  ['::', 96],
  ['::ffff:0:0:0', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['2001::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const)
  CLOSED.addSubnet(net, bits, 'ipv6')

/** Is this address one that only a named host may have? IPv4 written as IPv6 counts as what it is. PURE. */
export function isClosedAddress(address: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped !== undefined) return CLOSED.check(mapped, 'ipv4')
  return CLOSED.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')
}

/** Was this host (at this port) named by the operator? PURE. */
export function isNamed(policy: TargetPolicy, url: URL): boolean {
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port
  return policy.allowed.has(url.hostname) || policy.allowed.has(`${url.hostname}:${port}`)
}

/**
 * What is wrong with an address, before any look-up; names are checked again by what they resolve to when connecting (`send.ts`). PURE.
 */
export function checkTarget(address: string, policy: TargetPolicy): TargetProblem | undefined {
  if (!URL.canParse(address)) return 'not_a_url'
  const url = new URL(address)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'not_a_url'
  if (url.username !== '' || url.password !== '') return 'credentials'
  if (isNamed(policy, url)) return undefined
  if (url.protocol !== 'https:') return 'not_https'
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  if (isIP(host) !== 0 && isClosedAddress(host)) return 'private_address'
  return /(^|\.)localhost\.?$/i.test(host) ? 'private_address' : undefined
}

/** CTI_WEBHOOK_HOSTS: names, addresses (IPv6 in brackets), each with or without a port, comma separated. PURE. */
export function targetPolicy(hosts: string | undefined): TargetPolicy {
  const names = (hosts ?? '').split(',').map((each) => each.trim().toLowerCase())
  return { allowed: new Set(names.filter((each) => each !== '')) }
}

import { isAgentLeg } from '../calls/leg-id.js'
import type { AmiEvent } from './ami/types.js'

/**
 * Which endpoints are in a call that is not ours: rung or joined by the fallback queue, by a colleague, dialled by the agent. AMI tells of each channel's begin and end; a list repairs what was missed.
 */
export class ForeignCalls {
  /** endpoint -> ids of its channels */
  private readonly channels = new Map<string, Set<string>>()
  /** Channels that began or ended since a list was asked for: the list may be older than the event. */
  private readonly begun = new Set<string>()
  private readonly ended = new Set<string>()

  isEngaged(endpoint: string): boolean {
    return this.channels.has(endpoint)
  }

  /** @returns the endpoint of which there is something new, if there is */
  onEvent(event: AmiEvent): string | undefined {
    const of = readChannel(event)
    if (!of) return undefined
    const { id, endpoint } = of
    if (event.event === 'Newchannel') {
      this.begun.add(id)
      this.add(endpoint, id)
      return endpoint
    }
    if (event.event !== 'Hangup') return undefined
    this.ended.add(id)
    this.remove(endpoint, id)
    return endpoint
  }

  /** A list is asked for now. */
  asks(): void {
    this.begun.clear()
    this.ended.clear()
  }

  /** What the list that was asked for last says. @param list entries of CoreShowChannels */
  listed(list: readonly AmiEvent[]): void {
    const alive = new Set<string>(this.begun)
    for (const entry of list) {
      const of = readChannel(entry)
      if (!of || this.ended.has(of.id)) continue
      alive.add(of.id)
      this.add(of.endpoint, of.id)
    }
    for (const [endpoint, ids] of this.channels) {
      for (const id of ids) if (!alive.has(id)) this.remove(endpoint, id)
    }
  }

  private add(endpoint: string, id: string): void {
    const ids = this.channels.get(endpoint)
    if (ids) ids.add(id)
    else this.channels.set(endpoint, new Set([id]))
  }

  private remove(endpoint: string, id: string): void {
    const ids = this.channels.get(endpoint)
    if (ids?.delete(id) && ids.size === 0) this.channels.delete(endpoint)
  }
}

/** A phone's channel is called `PJSIP/<endpoint>-<number>`. */
function readChannel(event: AmiEvent): { readonly id: string; readonly endpoint: string } | undefined {
  const endpoint = /^PJSIP\/(.+)-[0-9a-f]+$/.exec(event.channel ?? '')?.[1]
  const id = event.uniqueid
  return endpoint === undefined || !id || isAgentLeg(id) ? undefined : { id, endpoint }
}

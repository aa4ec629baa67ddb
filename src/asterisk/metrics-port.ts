export type LinkSource = 'ari' | 'ami'

/** Labels of one REST request: the path is the template (`/channels/{channelId}`), never the ids. */
export interface RestLabels {
  readonly via: 'ws' | 'http'
  readonly method: string
  readonly path: string
}

/** What the PBX link counts. The composition root connects it to the metrics registry. */
export interface LinkMetrics {
  /** An event whose type this version does not know; it is ignored. */
  unknownEvent(source: LinkSource, type: string): void
  /** A frame that is no JSON object with the fields its type promises; it is dropped. */
  malformed(source: LinkSource): void
  /** An attempt to connect again after a cut or a failed attempt. */
  reconnects(source: LinkSource): void
  /** `status` is the HTTP status, or `timeout`, `disconnected`, `overloaded`. */
  restErrors(labels: RestLabels, status: string): void
  restLatency(labels: RestLabels, milliseconds: number): void
}

export const silentMetrics: LinkMetrics = {
  unknownEvent() {},
  malformed() {},
  reconnects() {},
  restErrors() {},
  restLatency() {},
}

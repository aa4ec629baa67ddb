/** Playbacks that run, by channel: while one does, Asterisk holds back whatever is asked of its channel (asterisk.md fact 3). */
export class Playing {
  private readonly channels = new Map<string, Set<string>>()

  /** Before it is asked for. */
  begins(playbackId: string, channelId: string): void {
    const running = this.channels.get(channelId)
    if (running) running.add(playbackId)
    else this.channels.set(channelId, new Set([playbackId]))
  }

  ended(playbackId: string, channelId: string): void {
    const running = this.channels.get(channelId)
    if (running?.delete(playbackId) && running.size === 0) this.channels.delete(channelId)
  }

  /** The channel is gone. */
  forget(channelId: string): void {
    this.channels.delete(channelId)
  }

  on(channelIds: readonly string[]): boolean {
    return this.channels.size > 0 && channelIds.some((id) => this.channels.has(id))
  }
}

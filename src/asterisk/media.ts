import { AriError } from './ari/errors.js'
import type { ChannelRequests } from './requests.js'

const promptName = /^[A-Za-z0-9][A-Za-z0-9_/-]{0,119}$/
const className = /^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/

/** Prompts and music on a channel. */
export class ChannelMedia {
  /** Playbacks whose request waits for its turn, and whether they were stopped meanwhile. */
  private readonly unsent = new Map<string, { stopped: boolean }>()

  constructor(
    private readonly requests: ChannelRequests,
    /** Tells the end of a playback that was stopped before Asterisk heard of it. */
    private readonly onNeverPlayed: (playbackId: string, channelId: string) => void,
  ) {}

  /** @throws AriError invalid for a prompt that is no plain sound name, refused (404) when the channel is gone */
  async play(channelId: string, playbackId: string, prompts: readonly string[]): Promise<void> {
    const path = '/channels/{channelId}/play/{playbackId}'
    if (prompts.length === 0 || prompts.length > 30 || !prompts.every((prompt) => promptName.test(prompt))) {
      throw new AriError('invalid', 'POST', path, undefined, 'a prompt is not a usable sound name')
    }
    const media = prompts.map((prompt) => `sound:${prompt}`).join(',')
    const turn = { stopped: false }
    this.unsent.set(playbackId, turn)
    this.requests.playing.begins(playbackId, channelId)
    const stoppedMeanwhile = () => {
      this.unsent.delete(playbackId)
      return turn.stopped
    }
    const request = { method: 'POST', path, params: { channelId, playbackId }, query: { media } } as const
    const sent = await this.requests.create(playbackId, () =>
      this.requests.inOrder([channelId], request, stoppedMeanwhile),
    )
    if (sent) return
    this.requests.playing.ended(playbackId, channelId)
    this.onNeverPlayed(playbackId, channelId)
  }

  /** Frees a channel that a prompt blocks: never waits for what else is asked of the channel. */
  async stop(playbackId: string): Promise<void> {
    const turn = this.unsent.get(playbackId)
    if (turn) {
      turn.stopped = true
      return
    }
    const path = '/playbacks/{playbackId}'
    await this.requests.ending(playbackId, { method: 'DELETE', path, params: { playbackId }, alsoOk: [404] })
  }

  /** A bridge that is gone has nobody to hear it. */
  async playToBridge(bridgeId: string, prompt: string): Promise<void> {
    const path = '/bridges/{bridgeId}/play'
    if (!promptName.test(prompt))
      throw new AriError('invalid', 'POST', path, undefined, 'a prompt is not a usable sound name')
    const query = { media: `sound:${prompt}` }
    await this.requests.rest.request({ method: 'POST', path, params: { bridgeId }, query, alsoOk: [404, 409] }, 'quick')
  }

  async startMusic(channelId: string, musicClass?: string): Promise<void> {
    const path = '/channels/{channelId}/moh'
    if (musicClass !== undefined && !className.test(musicClass)) {
      throw new AriError('invalid', 'POST', path, undefined, 'the music class is not a usable name')
    }
    await this.requests.inOrder([channelId], {
      method: 'POST',
      path,
      params: { channelId },
      query: { mohClass: musicClass },
    })
  }

  /** A channel that is gone, or has left us, has no music of ours any more. */
  async stopMusic(channelId: string): Promise<void> {
    const path = '/channels/{channelId}/moh'
    await this.requests.inOrder([channelId], { method: 'DELETE', path, params: { channelId }, alsoOk: [404, 409] })
  }
}

import { AriError } from './ari/errors.js'
import { KeyedOrder } from './ari/order.js'
import type { AriRequest, AriResponse } from './ari/request.js'
import type { AriRest } from './ari/rest.js'
import { Playing } from './playing.js'

const limit = 5000

/**
 * Requests about channels, in the order in which they were asked for on each channel. A creation (of a leg, of a playback) is
 * remembered until its answer, so that the end of the same thing can never overtake it on another connection.
 */
export class ChannelRequests {
  private readonly order = new KeyedOrder()
  private readonly births = new KeyedOrder()
  readonly playing = new Playing()
  private underWay = 0

  constructor(readonly rest: AriRest) {}

  /**
   * After everything asked for on these channels before.
   * @param skip asked when its turn has come; true: it is not sent, and the answer is undefined
   */
  inOrder(channelIds: readonly string[], request: AriRequest, skip?: () => boolean): Promise<AriResponse | undefined> {
    const send = async () => {
      if (skip?.()) return undefined
      return this.rest.request(request, this.playing.on(channelIds) ? 'blocking' : 'quick')
    }
    return this.bounded(request, () => this.order.run(channelIds, send))
  }

  /** Creates the leg or playback `id` by `task`. */
  create<T>(id: string, task: () => Promise<T>): Promise<T> {
    return this.births.run([id], task)
  }

  /** Resolves when a creation of `id` that is under way has its answer; undefined when there is none. */
  created(id: string): Promise<void> | undefined {
    return this.births.settled(id)
  }

  /** At once, past what waits on the channel: for requests that free a blocked channel. */
  async ending(id: string, request: AriRequest): Promise<AriResponse> {
    return this.bounded(request, async () => {
      await this.created(id)
      return this.rest.request(request, 'quick')
    })
  }

  private async bounded<T>(request: AriRequest, task: () => Promise<T>): Promise<T> {
    if (this.underWay >= limit) throw new AriError('overloaded', request.method, request.path)
    this.underWay += 1
    try {
      return await task()
    } finally {
      this.underWay -= 1
    }
  }
}

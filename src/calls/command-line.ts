import type { Redis } from 'ioredis'
import { keyOf } from '../platform/keys.js'
import { LATE, within } from '../platform/within.js'

/** An instance that says nothing for so long (ms) is frozen or gone. */
const ANSWER_MS = 1_500

/** What any instance may ask of the one that carries a call. */
export interface CallCommand {
  readonly do: 'hang_up'
  readonly contactId: string
  readonly agentId?: string
}

/** `done`: the one that carries the call did it. `nobody`: everybody answered and nobody carries it. `silent`: somebody did not answer. */
export type CommandAnswer = 'done' | 'nobody' | 'silent'

interface Asked {
  readonly id: string
  readonly from: string
  readonly command: CallCommand
}

interface Answered {
  readonly id: string
  readonly done: boolean
}

/** Commands between the instances of a centre: asked of all, done by the one that carries the call, answered by each. */
export interface CommandLine {
  /** Begins to listen; resolves when Redis knows it. */
  start(): Promise<void>
  ask(command: CallCommand): Promise<CommandAnswer>
}

/**
 * @param listening a connection of its own (it subscribes); stays the caller's, like `redis`
 * @param instance name of this process, unlike any other's
 * @param carryOut does it when the call is here; false: it is not. Undefined: this process never carries calls.
 */
export function createCommandLine(deps: {
  readonly redis: Redis
  readonly listening: Redis
  readonly centre: string
  readonly instance: string
  readonly carryOut?: (command: CallCommand) => boolean
}): CommandLine {
  const { redis, listening, centre, instance, carryOut } = deps
  const [commands, answers] = [keyOf(centre, 'commands'), keyOf(centre, 'answers', instance)]
  const waiting = new Map<string, (done: boolean) => void>()
  let last = 0

  listening.on('message', (channel: string, text: string) => {
    if (channel === answers) {
      const { id, done } = JSON.parse(text) as Answered
      waiting.get(id)?.(done)
    } else if (carryOut) {
      const { id, from, command } = JSON.parse(text) as Asked
      const answer: Answered = { id, done: carryOut(command) }
      // Unanswered, the other side says that nobody answered.
      redis.publish(keyOf(centre, 'answers', from), JSON.stringify(answer)).catch(() => undefined)
    }
  })

  return {
    async start() {
      await listening.subscribe(answers, ...(carryOut ? [commands] : []))
    },
    async ask(command) {
      last += 1
      const id = String(last)
      let [heard, expected] = [0, Number.POSITIVE_INFINITY]
      const answer = new Promise<CommandAnswer>((resolve, reject) => {
        const look = () => heard >= expected && resolve('nobody')
        waiting.set(id, (done) => {
          heard += 1
          if (done) resolve('done')
          else look()
        })
        redis.publish(commands, JSON.stringify({ id, from: instance, command } satisfies Asked)).then((listeners) => {
          expected = listeners
          look()
        }, reject)
      })
      try {
        const result = await within(answer, ANSWER_MS)
        return result === LATE ? 'silent' : result
      } finally {
        waiting.delete(id)
      }
    },
  }
}

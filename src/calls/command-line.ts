import type { Redis } from 'ioredis'
import { keyOf } from '../platform/keys.js'
import { LATE, within } from '../platform/within.js'
import type { CallOrder, OrderedBy, OrderResult } from './talk/call-order.js'

/** An instance that says nothing for so long (ms) is frozen or gone. */
const ANSWER_MS = 1_500
/** The one that carries the call has said so, and may take so long (ms) to do it. */
const DOING_MS = 8_000

/** What any instance may ask of the one that carries a call. */
export type CallCommand = CallOrder & OrderedBy & { readonly contactId: string }

/**
 * A result: of the one that carries the call. `nobody`: everybody answered and nobody carries it. `silent`: somebody did not answer, or the
 * one that carries it did not come to an end.
 */
export type CommandAnswer = OrderResult | 'nobody' | 'silent'

interface Asked {
  readonly id: string
  readonly from: string
  readonly command: CallCommand
}

/** `here`: it is being done, its result follows. */
type Answered = { readonly id: string } & (
  | { readonly is: 'elsewhere' | 'here' }
  | { readonly is: 'done'; readonly result: OrderResult }
)

/** Commands between the instances of a centre: asked of all, done by the one that carries the call, answered by each. */
export interface CommandLine {
  /** Begins to listen; resolves when Redis knows it. */
  start(): Promise<void>
  ask(command: CallCommand): Promise<CommandAnswer>
}

/** Does a command when the call is carried here; undefined: it is not. A rejection is an answer, too: nothing is known of the outcome. */
export type CarryOut = (command: CallCommand) => Promise<OrderResult> | undefined

/**
 * @param listening a connection of its own (it subscribes); stays the caller's, like `redis`
 * @param instance name of this process, unlike any other's
 * @param carryOut absent: this process never carries calls
 */
export function createCommandLine(deps: {
  readonly redis: Redis
  readonly listening: Redis
  readonly centre: string
  readonly instance: string
  readonly carryOut?: CarryOut
}): CommandLine {
  const { redis, listening, centre, instance, carryOut } = deps
  const [commands, answers] = [keyOf(centre, 'commands'), keyOf(centre, 'answers', instance)]
  const waiting = new Map<string, (answer: Answered) => void>()
  let last = 0

  const obey = ({ id, from, command }: Asked): void => {
    // Unanswered, the other side says that nobody answered.
    const say = (answer: Answered): void =>
      void redis.publish(keyOf(centre, 'answers', from), JSON.stringify(answer)).catch(() => undefined)
    const doing = carryOut?.(command)
    say({ id, is: doing ? 'here' : 'elsewhere' })
    doing?.then(
      (result) => say({ id, is: 'done', result }),
      () => say({ id, is: 'done', result: { ok: false, code: 'CTI_ERR_UNAVAILABLE' } }),
    )
  }

  listening.on('message', (channel: string, text: string) => {
    if (channel === answers) {
      const answer = JSON.parse(text) as Answered
      waiting.get(answer.id)?.(answer)
    } else if (carryOut) obey(JSON.parse(text) as Asked)
  })

  return {
    async start() {
      await listening.subscribe(answers, ...(carryOut ? [commands] : []))
    },
    async ask(command) {
      last += 1
      const id = String(last)
      let [heard, expected] = [0, Number.POSITIVE_INFINITY]
      let result: Promise<OrderResult> | undefined
      const answer = new Promise<'here' | 'nobody'>((resolve, reject) => {
        const look = () => heard >= expected && resolve('nobody')
        let finish: (result: OrderResult) => void = () => undefined
        waiting.set(id, (said) => {
          if (said.is === 'done') return finish(said.result)
          heard += 1
          if (said.is === 'elsewhere') return look()
          result = new Promise((done) => {
            finish = done
          })
          resolve('here')
        })
        redis.publish(commands, JSON.stringify({ id, from: instance, command } satisfies Asked)).then((listeners) => {
          expected = listeners
          look()
        }, reject)
      })
      try {
        const first = await within(answer, ANSWER_MS)
        if (first === LATE) return 'silent'
        if (first === 'nobody' || !result) return 'nobody'
        const end = await within(result, DOING_MS)
        return end === LATE ? 'silent' : end
      } finally {
        waiting.delete(id)
      }
    },
  }
}

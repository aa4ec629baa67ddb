import { useEffect, useState } from 'preact/hooks'
import { notifyError } from '../state/notices.js'
import { server } from '../state/server.js'
import type { Choice } from '../text/times.js'

/** Times in open hours that can be promised for a queue (for bookings: free slots); undefined until they are here. */
export function useTimes(queue: string | undefined, kind: string): readonly Choice[] | undefined {
  const [choices, setChoices] = useState<readonly Choice[]>()
  useEffect(() => {
    if (queue === undefined) return
    let there = true
    const read =
      kind === 'booked'
        ? server.callbacks.slots(queue).then(({ items }) => items)
        : server.callbacks.times(queue).then(({ items }) => items.map((at) => ({ at })))
    read.then((found) => there && setChoices(found)).catch(notifyError)
    return () => {
      there = false
    }
  }, [queue, kind])
  return choices
}

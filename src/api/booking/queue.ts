import type { Centre, QueueConfig } from '../../centre/schema.js'

/** PURE. The queue that citizens book for; undefined: the public page is off. */
export function bookingQueue(centre: Centre): QueueConfig | undefined {
  const wanted = centre.file.callbacks?.booked?.queue
  return wanted === undefined ? undefined : centre.file.queues.find(({ id }) => id === wanted)
}

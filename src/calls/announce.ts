/** Which prompts tell a caller the place and the expected wait. PURE. Texts: domain.md section 7. */

const LONG_MINUTES = 10
/** Highest number of people with a prompt of its own (asterisk/sounds/ko/numbers.txt). */
const LARGEST_SPOKEN = 49

export interface Told {
  readonly position: number
  readonly minutes: number
}

/**
 * @param position 1-based place
 * @param waitMs expected wait in ms; undefined when nobody works on the queue
 * @param before what this caller was told before: neither number ever rises (domain.md section 4)
 * @returns prompt names and what has now been told
 */
export function announcementFor(
  position: number,
  waitMs: number | undefined,
  before?: Told,
): { prompts: string[]; told: Told } {
  const minutesNow = waitMs === undefined ? LONG_MINUTES + 1 : Math.ceil(waitMs / 60_000)
  const told: Told = {
    position: Math.min(position, before?.position ?? position),
    minutes: Math.min(minutesNow, before?.minutes ?? minutesNow),
  }
  if (told.minutes > LONG_MINUTES) return { prompts: ['cti/long'], told }
  if (told.position <= 1 && told.minutes <= 1) return { prompts: ['cti/soon'], told }
  const people = told.position > LARGEST_SPOKEN ? 'many' : String(told.position)
  return {
    prompts: [
      'cti/wait-people',
      `cti/people-${people}`,
      'cti/wait-minutes',
      `cti/minutes-${Math.max(1, told.minutes)}`,
    ],
    told,
  }
}

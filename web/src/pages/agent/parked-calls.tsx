import { T } from '../../parts/bilingual.js'
import { CommandButton } from '../../parts/command-button.js'
import { personName } from '../../parts/person-name.js'
import { Timer } from '../../parts/timer.js'
import { floor } from '../../state/live.js'
import { parkedByOthers, pickUpParked, withinReach } from '../../state/parked.js'
import { PICK_UP_PARKED } from '../../text/call-words.js'
import { KEYS } from './keys.js'

/** Colleagues' parked calls, to be picked up at this desk: by button, the longest parked by key. */
export function ParkedCalls() {
  const parked = parkedByOthers.value
  if (parked.length === 0) return null
  const [next] = withinReach.value
  return (
    <section class="card parked-calls">
      <h2>
        <T w={{ ko: '파킹된 통화', en: 'Parked calls' }} />
      </h2>
      <ul>
        {parked.map((call) => {
          const { contactId, agentId, queue, parkedAt } = call
          const who = personName(agentId)
          const label = floor.value.queues.get(queue)?.label
          return (
            <li key={contactId} data-parked={contactId}>
              <span class="parked-by">{who}</span>
              <span>{label ? <T w={label} /> : queue}</span>
              <Timer since={parkedAt} />
              <CommandButton
                command={`pick-up-parked.${contactId}`}
                w={PICK_UP_PARKED}
                label={`${who} ${label?.ko ?? queue} ${PICK_UP_PARKED.ko} ${PICK_UP_PARKED.en}`}
                tone="go"
                keys={call === next ? KEYS.park : undefined}
                disabled={!withinReach.value.includes(call)}
                onClick={() => void pickUpParked(contactId)}
              />
            </li>
          )
        })}
      </ul>
    </section>
  )
}

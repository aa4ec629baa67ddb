import { ownListening } from '../state/beside.js'
import { HEARD_BY } from '../text/supervision-words.js'
import { T } from './bilingual.js'
import { Icon } from './icon.js'
import { personName } from './person-name.js'
import { SupervisionButtons } from './supervision-buttons.js'

/** While one listens: to whom, who hears what one says, and what can be done; on the floor and on the desk. */
export function SupervisionBar() {
  const own = ownListening.value
  if (!own) return null
  const name = personName(own.agentId)
  return (
    <section class="card supervision-bar" data-supervises={own.agentId} data-mode={own.mode} data-state={own.state}>
      <p role="status">
        <Icon name="headset" />
        {own.state === 'ringing' ? (
          <T w={{ ko: `${name} 상담사의 통화 – 전화기를 받아 주세요`, en: 'Pick up your phone to listen' }} />
        ) : (
          <T w={{ ko: `${name} 상담사의 통화 – ${HEARD_BY[own.mode].ko}`, en: HEARD_BY[own.mode].en }} />
        )}
      </p>
      <SupervisionButtons contactId={own.contactId} />
    </section>
  )
}

import { T } from '../../parts/bilingual.js'
import { Icon } from '../../parts/icon.js'
import { Masked } from '../../parts/masked.js'
import { personName } from '../../parts/person-name.js'
import { desk, phase } from '../../state/live.js'
import { centre } from '../../state/session.js'
import { FROM_COLLEAGUE } from '../../text/call-words.js'
import { formatClock, formatDay, formatPhone } from '../../text/format.js'
import { FLAG, type Words, wordsOf } from '../../text/words.js'

const WRAP: Words = { ko: '후처리', en: 'Wrap-up' }

/** Who calls, by which number and queue, what they need, and what to beware of. */
export function CallFacts() {
  const pop = desk.value.pop
  if (!pop) {
    return (
      <div class="facts">
        <p class="facts-caller">{phase.value === 'wrap' ? <T w={WRAP} /> : '…'}</p>
      </div>
    )
  }
  const citizen = pop.context?.citizen
  return (
    <div class="facts">
      <p class="facts-queue">
        <T
          w={
            phase.value === 'wrap'
              ? { ko: `${WRAP.ko} · ${pop.queueLabel.ko}`, en: `${WRAP.en}, ${pop.queueLabel.en}` }
              : pop.queueLabel
          }
        />
      </p>
      <p class="facts-caller">
        {pop.caller === undefined ? (
          <span data-fact="caller">발신번호 표시제한</span>
        ) : (
          <Masked
            of={{ subject: 'contact', id: pop.contactId, field: 'caller' }}
            shown={pop.caller}
            fact="caller"
            phone
          />
        )}
        {pop.caller === undefined && <small lang="en">Withheld</small>}
        {(citizen?.name ?? pop.callerName) !== undefined && (
          <span class="facts-name">
            {citizen ? (
              <Masked of={{ subject: 'citizen', id: citizen.id, field: 'name' }} shown={citizen.name} />
            ) : (
              pop.callerName
            )}
          </span>
        )}
      </p>
      <ul class="chips">
        {pop.from && (
          <li class="chip chip-from" data-from={pop.from.part}>
            <Icon name="user" />
            {personName(pop.from.agentId)} {wordsOf(FROM_COLLEAGUE, pop.from.part).ko}{' '}
            <small lang="en">{wordsOf(FROM_COLLEAGUE, pop.from.part).en}</small>
          </li>
        )}
        <li class="chip">
          <Dialled number={pop.dialled} />
        </li>
        <li class="chip">
          대기 {formatClock(pop.waitMs)} <small lang="en">waited</small>
        </li>
        {Object.entries(pop.requirement).map(([skill, level]) => (
          <li key={skill} class="chip chip-skill">
            <Skill id={skill} level={level} />
          </li>
        ))}
        {pop.context?.flags.map((flag) => (
          <li key={flag.kind} class="chip chip-flag" data-flag={flag.kind} title={flag.note}>
            <Icon name="flag" />
            <T w={wordsOf(FLAG, flag.kind)} />
            {flag.until !== undefined && <small>~{formatDay(flag.until)}</small>}
          </li>
        ))}
      </ul>
    </div>
  )
}

function Dialled({ number }: { number: string }) {
  const known = centre.value?.numbers.find((entry) => entry.number === number)
  return (
    <>
      <Icon name="phone" />
      {known && number !== '120' ? `${known.label.ko} ${formatPhone(number)}` : formatPhone(number)}{' '}
      <small lang="en">dialled</small>
    </>
  )
}

function Skill({ id, level }: { id: string; level: number }) {
  const known = centre.value?.skills.find((skill) => skill.id === id)
  return (
    <>
      {known?.label.ko ?? id} <small>{level}+</small>
    </>
  )
}

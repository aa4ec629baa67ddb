import type { ComponentChildren } from 'preact'
import type { ScreenPop } from '../../../../client/src/generated/contracts.js'
import { T } from '../../parts/bilingual.js'
import { Icon, type IconName } from '../../parts/icon.js'
import { Masked } from '../../parts/masked.js'
import { desk } from '../../state/live.js'
import { centre } from '../../state/session.js'
import { formatDay, formatDayTime } from '../../text/format.js'
import { FLAG, TICKET_STATUS, type Words, wordsOf } from '../../text/words.js'
import { PromisedBefore } from './promised-before.js'

type Context = NonNullable<ScreenPop['context']>

/** What the house knows about the caller: person, open tickets, last calls, flags with their notes. */
export function CallerContextCards() {
  const pop = desk.value.pop
  if (!pop) return <div class="context" />
  const { context, popTarget } = pop
  return (
    <div class="context" data-complete={pop.complete}>
      {!context && (
        <p class="context-late" role="status">
          고객 정보를 찾는 중입니다. 찾는 대로 여기에 표시됩니다.{' '}
          <small lang="en">Looking the caller up; it appears here.</small>
        </p>
      )}
      <PromisedBefore callbacks={pop.callbacks} />
      {context && <FlagNotes flags={context.flags} />}
      {context && <Citizen citizen={context.citizen} />}
      {context && <Tickets tickets={context.tickets} />}
      {context && <Contacts contacts={context.contacts} />}
      {popTarget !== undefined && (
        <a class="pop-target" href={popTarget} target="_blank" rel="noopener noreferrer">
          <Icon name="link" />
          <T w={{ ko: '업무 시스템에서 열기', en: 'Open in the CRM' }} />
        </a>
      )}
    </div>
  )
}

function Card({ icon, w, count, children }: { icon: IconName; w: Words; count?: number; children: ComponentChildren }) {
  return (
    <section class="card">
      <h2>
        <Icon name={icon} />
        <T w={w} />
        {count !== undefined && count > 0 && <span class="count">{count}</span>}
      </h2>
      {children}
    </section>
  )
}

function FlagNotes({ flags }: { flags: Context['flags'] }) {
  return flags
    .filter((flag) => flag.note !== undefined)
    .map((flag) => (
      <p key={flag.kind} class="card card-flags" data-flag={flag.kind}>
        <Icon name="flag" /> <strong>{wordsOf(FLAG, flag.kind).ko}</strong> {flag.note}
      </p>
    ))
}

function Citizen({ citizen }: { citizen: Context['citizen'] }) {
  const w = { ko: '시민', en: 'Citizen' }
  if (!citizen) {
    return (
      <Card icon="user" w={w}>
        <p class="nothing">
          등록된 시민이 아닙니다. <small lang="en">Not known to the centre.</small>
        </p>
      </Card>
    )
  }
  const language = centre.value?.skills.find((skill) => skill.id === `lang:${citizen.language ?? ''}`)
  return (
    <Card icon="user" w={w}>
      <p class="citizen-name">
        <strong>
          <Masked of={{ subject: 'citizen', id: citizen.id, field: 'name' }} shown={citizen.name} fact="citizen" />
        </strong>
        <Masked of={{ subject: 'citizen', id: citizen.id, field: 'phone' }} shown={citizen.phone} phone />
        {citizen.language !== undefined && citizen.language !== 'ko' && (
          <span class="chip chip-skill">{language?.label.ko ?? citizen.language}</span>
        )}
      </p>
      {citizen.notes !== undefined && (
        <p class="quote">
          <Masked of={{ subject: 'citizen', id: citizen.id, field: 'notes' }} shown={citizen.notes} />
        </p>
      )}
    </Card>
  )
}

function Tickets({ tickets }: { tickets: Context['tickets'] }) {
  return (
    <Card icon="ticket" w={{ ko: '처리 중인 민원', en: 'Open tickets' }} count={tickets.length}>
      {tickets.length === 0 && <Nothing ko="처리 중인 민원이 없습니다." en="No open tickets." />}
      <ul class="rows">
        {tickets.map((ticket) => (
          <li key={ticket.id}>
            <p class="row-main">
              <strong>
                <Masked of={{ subject: 'ticket', id: ticket.id, field: 'subject' }} shown={ticket.subject} />
              </strong>
              <span class="status">{wordsOf(TICKET_STATUS, ticket.status).ko}</span>
            </p>
            <p class="row-more">
              {[
                ticket.number,
                labelOf(centre.value?.departments, ticket.department),
                ticket.dueAt && `${formatDay(ticket.dueAt)}까지`,
              ]
                .filter(Boolean)
                .join(' · ')}
            </p>
          </li>
        ))}
      </ul>
    </Card>
  )
}

function Contacts({ contacts }: { contacts: Context['contacts'] }) {
  return (
    <Card icon="history" w={{ ko: '지난 상담', en: 'Last contacts' }} count={contacts.length}>
      {contacts.length === 0 && <Nothing ko="지난 상담이 없습니다." en="No earlier contacts." />}
      <ul class="rows">
        {contacts.map((contact) => (
          <li key={contact.id}>
            <p class="row-main">
              <strong>{formatDayTime(contact.startedAt)}</strong>
              {contact.disposition !== undefined ? (
                <span class="status">{labelOf(centre.value?.dispositions, contact.disposition)}</span>
              ) : (
                <small class="nothing">결과 기록 없음</small>
              )}
            </p>
            <p class="row-more">{labelOf(centre.value?.queues, contact.queue)}</p>
            {contact.notes !== undefined && contact.notes !== '' && (
              <p class="quote">
                <Masked of={{ subject: 'contact', id: contact.id, field: 'notes' }} shown={contact.notes} />
              </p>
            )}
          </li>
        ))}
      </ul>
    </Card>
  )
}

function Nothing({ ko, en }: Words) {
  return (
    <p class="nothing">
      {ko} <small lang="en">{en}</small>
    </p>
  )
}

function labelOf(
  list: readonly { id: string; label: Words }[] | undefined,
  id: string | undefined,
): string | undefined {
  return id === undefined ? undefined : (list?.find((entry) => entry.id === id)?.label.ko ?? id)
}

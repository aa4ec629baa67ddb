import type { ComponentChildren } from 'preact'
import { floorFigures } from '../../../../client/src/live/figures.js'
import { T } from '../../parts/bilingual.js'
import { SupervisionBar } from '../../parts/supervision-bar.js'
import { Timer } from '../../parts/timer.js'
import { floor } from '../../state/live.js'
import type { Words } from '../../text/words.js'
import { AgentGroups } from './agent-groups.js'
import { HelpList } from './help-list.js'
import { QueueTable } from './queue-table.js'

/** The live floor: figures, queues, people. Everything moves with the events. */
export function FloorPage() {
  return (
    <div class="floor">
      <SupervisionBar />
      <HelpList />
      <Figures />
      <QueueTable />
      <AgentGroups />
    </div>
  )
}

function Figures() {
  const figures = floorFigures(floor.value)
  return (
    <ul class="figures" aria-label="지금 Now">
      <Figure w={{ ko: '대기 고객', en: 'Waiting' }} tone={figures.waiting > 0 ? 'ring' : 'calm'} name="waiting">
        {figures.waiting}
      </Figure>
      <Figure
        w={{ ko: '최장 대기', en: 'Longest wait' }}
        tone={figures.oldest === undefined ? 'calm' : 'ring'}
        name="oldest"
      >
        {figures.oldest === undefined ? '–' : <Timer since={figures.oldest} />}
      </Figure>
      <Figure w={{ ko: '통화 중', en: 'Talking' }} tone="talk" name="talking">
        {figures.talking}
      </Figure>
      <Figure w={{ ko: '후처리', en: 'Wrap-up' }} tone="wrap" name="wrapping">
        {figures.wrapping}
      </Figure>
      <Figure w={{ ko: '받을 수 있음', en: 'Free' }} tone="available" name="free">
        {figures.free}
      </Figure>
      <Figure w={{ ko: '근무 중', en: 'Signed in' }} tone="calm" name="signed-in">
        {figures.signedIn}
      </Figure>
    </ul>
  )
}

function Figure({ w, tone, name, children }: { w: Words; tone: string; name: string; children: ComponentChildren }) {
  return (
    <li class={`figure tone-${tone}`} data-figure={name}>
      <b>{children}</b>
      <T w={w} />
    </li>
  )
}

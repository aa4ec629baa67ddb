import type { CallParty } from '../../../../client/src/live/call.js'
import { personName } from '../../parts/person-name.js'
import { isMine } from '../../state/call.js'
import { desk, me } from '../../state/live.js'
import { notify } from '../../state/notices.js'
import { centre } from '../../state/session.js'
import { PARTY_LEFT } from '../../text/call-words.js'

/** How a party of the talk is called; numbers outside are never named. */
export function partyName({ kind, agentId, department }: CallParty): string {
  if (kind === 'caller') return desk.value.pop?.context?.citizen?.name ?? '고객'
  if (agentId !== undefined) return agentId === me.value?.id ? `${personName(agentId)} (나)` : personName(agentId)
  if (department === undefined) return '외부 번호'
  return centre.value?.departments.find(({ id }) => id === department)?.label.ko ?? department
}

/** What the agent's own commands did needs no words. */
export function tellPartyLeft(party: CallParty, why: string): void {
  const words = PARTY_LEFT[why]
  if (!words || !isMine.value) return
  const back = party.joins === 'conference' ? '' : ' 고객이 다시 연결되었습니다.'
  notify(why === 'left' ? 'info' : 'warn', {
    ko: `${partyName(party)}: ${words.ko}.${back}`,
    en: `${words.en}${back === '' ? '' : '; the caller is back'}.`,
  })
}

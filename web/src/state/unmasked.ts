import { computed, effect, signal } from '@preact/signals'
import type { Unmasked, UnmaskRequest } from '../../../client/src/generated/contracts.js'
import { askReason } from './ask-reason.js'
import { now } from './clock.js'
import { notify, notifyError } from './notices.js'
import { server } from './server.js'
import { user } from './session.js'

/** Which value: one field of one object. */
export type ValueOf = Omit<UnmaskRequest, 'reason'>

const shown = signal<ReadonlyMap<string, Unmasked>>(new Map())

/** Who sees everything anyway needs no button. */
export const mayUnmask = computed(() => {
  const permissions = user.value?.permissions ?? []
  return permissions.includes('pii:unmask') && !permissions.includes('pii:read')
})

const keyOf = ({ subject, id, field }: ValueOf): string => `${subject}/${id}/${field}`

// Kept in memory only, no longer than the server says, and never over a sign-out.
effect(() => {
  const at = now.value
  const known = [...shown.value]
  const still = user.value ? known.filter(([, { showUntil }]) => showUntil > at) : []
  if (still.length < known.length) shown.value = new Map(still)
})

/** The value in full while it may be shown. */
export function unmaskedValue(of: ValueOf): string | undefined {
  return shown.value.get(keyOf(of))?.values.join(', ')
}

export async function unmask(of: ValueOf): Promise<void> {
  const reason = await askReason({
    title: { ko: '가려진 내용 보기', en: 'Show what is masked' },
    text: {
      ko: '누가 언제 왜 보았는지 열람 기록에 남습니다. 1분 뒤에 다시 가려집니다.',
      en: 'Who saw it, when and why goes into the access log. It is masked again after a minute.',
    },
    go: { ko: '보기', en: 'Show' },
  })
  if (reason === undefined) return
  try {
    const answer = await server.unmask({ ...of, reason })
    if (answer.values.length === 0) return notify('info', { ko: '내용이 없습니다.', en: 'There is nothing.' })
    shown.value = new Map(shown.value).set(keyOf(of), answer)
  } catch (error) {
    notifyError(error)
  }
}

export function hide(of: ValueOf): void {
  shown.value = new Map([...shown.value].filter(([key]) => key !== keyOf(of)))
}

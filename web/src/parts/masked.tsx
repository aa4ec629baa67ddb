import { hide, mayUnmask, unmask, unmaskedValue, type ValueOf } from '../state/unmasked.js'
import { formatPhone } from '../text/format.js'
import { Icon } from './icon.js'

interface Props {
  of: ValueOf
  /** As this person sees it: masked or in full. */
  shown: string
  /** Name for tests and styles. */
  fact?: string
  phone?: boolean
}

/** A value that may be masked, with the way to see it in full for a while. */
export function Masked({ of, shown, fact, phone = false }: Props) {
  const full = unmaskedValue(of)
  const text = full ?? shown
  const hidden = full === undefined
  return (
    <span class="masked">
      <span data-fact={fact} data-unmasked={hidden ? undefined : of.field}>
        {phone ? formatPhone(text) : text}
      </span>
      {mayUnmask.value && (!hidden || shown.includes('*')) && (
        <button
          type="button"
          class="icon-button masked-button"
          aria-pressed={!hidden}
          title={hidden ? '사유를 적고 보기 Show, with a reason' : '다시 가리기 Mask again'}
          aria-label={hidden ? '사유를 적고 보기 Show, with a reason' : '다시 가리기 Mask again'}
          data-unmask={of.field}
          onClick={() => (hidden ? void unmask(of) : hide(of))}
        >
          <Icon name={hidden ? 'eye' : 'lock'} />
        </button>
      )}
    </span>
  )
}

import { signal } from '@preact/signals'

/** True while the form says that a disposition is missing. */
export const dispositionMissing = signal(false)

/** Says that a disposition is missing and puts the focus on the first one. */
export function askForDisposition(): void {
  dispositionMissing.value = true
  document.querySelector<HTMLInputElement>('input[name="disposition"]')?.focus()
}

import type { CallerContext, ScreenPop } from '../calls/context-port.js'
import { targetReveals } from './pop.js'

/** PURE. How personal data look to those who may not see them (domain.md section 5). */

/**
 * 01012345678 -> 010-****-5678, 0212345678 -> 02-****-5678, +84912345678 -> +849****5678, 15881234 -> 1588-****.
 * Short codes and extensions (up to 6 digits) name nobody and stay.
 */
export function maskNumber(number: string): string {
  if (/^[0-9]{1,6}$/.test(number)) return number
  if (/^1[5-8]\d{6}$/.test(number)) return `${number.slice(0, 4)}-****`
  const korean = /^(02|050\d|0\d{2})\d{3,4}(\d{4})$/.exec(number)
  if (korean) return `${korean[1]}-****-${korean[2]}`
  if (number.length < 8) return '****'
  return `${number.slice(0, 4)}****${number.slice(-4)}`
}

/**
 * 홍길동 -> 홍*동, 김철 -> 김*, 남궁민수 -> 남**수, John Smith -> J*** S****, a single letter -> *.
 * Counted in characters as people see them, so an emoji or a combined letter is one.
 */
export function maskName(name: string): string {
  const trimmed = name.trim()
  if (/^[\p{Script=Hangul}\p{Script=Han}]+$/u.test(trimmed)) return maskWord(characters(trimmed))
  return trimmed
    .split(/\s+/)
    .map((word) => {
      const letters = characters(word)
      return letters.length < 2 ? '*' : `${letters[0]}${'*'.repeat(letters.length - 1)}`
    })
    .join(' ')
}

function maskWord(letters: readonly string[]): string {
  if (letters.length < 2) return '*'
  if (letters.length === 2) return `${letters[0]}*`
  return `${letters[0]}${'*'.repeat(letters.length - 2)}${letters.at(-1)}`
}

function characters(text: string): string[] {
  return [...new Intl.Segmenter('ko', { granularity: 'grapheme' }).segment(text)].map(({ segment }) => segment)
}

/** What people type between the parts of a number: dashes of every kind, blanks (also ones that cannot be seen), dots; at most three. */
const BETWEEN = String.raw`[\s\p{Pd}\p{Cf}\u2212.·~_/]{0,3}`

/** The rule of domain.md section 5, as people type it. */
const RESIDENT_NUMBER = new RegExp(String.raw`(?<!\d)(\d{6})${BETWEEN}([1-8])\d{6}(?!\d)`, 'gu')

/** The wide digits of a Korean or Japanese keyboard as plain ones, sign for sign. */
function withPlainDigits(text: string): string {
  return text.replace(/[\uff10-\uff19]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0))
}

/** Does a text hold a resident registration number? Such a text is refused. */
export function hasResidentNumber(text: string): boolean {
  return withPlainDigits(text).search(RESIDENT_NUMBER) >= 0
}

/** 900101-1234567 -> 900101-1******: for texts that come from elsewhere and cannot be refused. */
export function maskResidentNumbers(text: string): string {
  return withPlainDigits(text).replaceAll(RESIDENT_NUMBER, '$1-$2******')
}

/** Phone numbers as people type them into a text: with or without country code, dashes, blanks or dots. */
const PHONE_IN_TEXT = new RegExp(
  String.raw`(?<![\d-])(?:\+82${BETWEEN}|0)(?:1[016789]|2|[3-6]\d|70|50\d|80)[)]?${BETWEEN}\d{3,4}${BETWEEN}(\d{4})(?!\d)`,
  'gu',
)

/** Free text for somebody without `pii:read`: phone and resident numbers are masked, the matter itself stays readable. */
export function maskText(text: string): string {
  return maskResidentNumbers(text).replaceAll(PHONE_IN_TEXT, '***-****-$1')
}

const maskOptional = (text: string | undefined): string | undefined => (text === undefined ? undefined : maskText(text))

/** The look-up's answer for somebody without `pii:read`: names and numbers masked; an agent can still work with it. */
export function maskContext(context: CallerContext): CallerContext {
  const { citizen } = context
  return {
    citizen: citizen && {
      ...citizen,
      name: maskName(citizen.name),
      phone: maskNumber(citizen.phone),
      notes: maskOptional(citizen.notes),
    },
    tickets: context.tickets.map((ticket) => ({ ...ticket, subject: maskText(ticket.subject) })),
    contacts: context.contacts.map((contact) => ({ ...contact, notes: maskOptional(contact.notes) })),
    flags: context.flags.map((flag) => ({ ...flag, note: maskOptional(flag.note) })),
  }
}

/** A screen pop for somebody without `pii:read`. A pop target that carries the number or a name is left out. */
export function maskPop(pop: ScreenPop): ScreenPop {
  return {
    ...pop,
    caller: pop.caller === undefined ? undefined : maskNumber(pop.caller),
    callerName: pop.callerName === undefined ? undefined : maskName(pop.callerName),
    context: pop.context && maskContext(pop.context),
    callbacks: pop.callbacks?.map((callback) => ({ ...callback, reason: maskOptional(callback.reason) })),
    popTarget: revealsPerson(pop) ? undefined : pop.popTarget,
    ...(pop.callback === undefined ? {} : { callback: maskAbout(pop.callback) }),
  }
}

/** Why somebody is called: what people typed. */
function maskAbout(callback: NonNullable<ScreenPop['callback']>): NonNullable<ScreenPop['callback']> {
  return {
    ...callback,
    reason: maskOptional(callback.reason),
    checklist: callback.checklist?.map((item) => ({ ...item, answer: maskOptional(item.answer) })),
  }
}

function revealsPerson({ caller, callerName, context, popTarget }: ScreenPop): boolean {
  const { name, phone } = context?.citizen ?? {}
  return (
    popTarget !== undefined && targetReveals(popTarget, [caller, caller?.replace(/^\+/, ''), callerName, name, phone])
  )
}

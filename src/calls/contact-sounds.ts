import type { ContactState, Effect, EndState, Offer } from './contact-model.js'

/** What a caller hears, and the closing of a call: shared by the parts of the contact state machine. PURE. */

/** Id of a contact's n-th playback, from 1: known without having started it, so that another process can stop it. */
function playbackOf(contactId: string, n: number): string {
  return `p-${contactId}-${n}`
}

export function play(s: ContactState, prompts: readonly string[]): { state: ContactState; effect: Effect } {
  const playbackId = playbackOf(s.id, s.plays + 1)
  return { state: { ...s, playing: playbackId, plays: s.plays + 1 }, effect: { do: 'play', playbackId, prompts } }
}

export function stopSounds(s: ContactState): { state: ContactState; effects: Effect[] } {
  const effects: Effect[] = []
  if (s.playing) effects.push({ do: 'stop_playback', playbackId: s.playing })
  if (s.music) effects.push({ do: 'stop_music' })
  return { state: { ...s, playing: undefined, music: false }, effects }
}

/**
 * The call ends after these prompts.
 * @param recorded the journal has the end of this wait already (contact.abandoned)
 */
export function close(
  s: ContactState,
  end: EndState,
  prompts: readonly string[],
  reason: string | undefined,
  recorded: boolean,
): { state: ContactState; effects: Effect[] } {
  const told: Effect[] = recorded ? [] : [{ do: 'tell_end', end, reason }]
  const closing: ContactState = { ...s, state: 'ivr', closing: end, offer: undefined }
  if (prompts.length === 0) {
    return {
      state: closing,
      effects: [...told, { do: 'hang_up', channelId: s.channelId, why: end === 'failed' ? 'congestion' : 'normal' }],
    }
  }
  const quiet = stopSounds(closing)
  const { state, effect } = play(quiet.state, prompts)
  return { state, effects: [...told, ...quiet.effects, effect] }
}

/** Hangs up the agent's leg of a promise that is over, if there is one. */
export function dropLeg(offer: Offer | undefined): Effect[] {
  if (!offer || offer.leg === 'none' || offer.leg === 'gone') return []
  return [{ do: 'hang_up', channelId: offer.channelId, why: 'normal' }]
}

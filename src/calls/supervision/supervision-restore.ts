import type { Decision, Effect } from '../contact-model.js'
import { talkOf } from '../talk/talk-check.js'
import type { ListedChannel } from '../telephony-port.js'
import { listenAnew, needsSilence } from './supervision.js'
import { bridgeOf, spyOf } from './supervision-model.js'

/**
 * Supervisions of a talk that another process carried: who listens goes on listening; whose listening channel was not there yet, or not in
 * its bridge, gets one. PURE.
 * @param here channels that the PBX has
 * @param forgotten the journal has lost who listens: told again, by a new listening channel in the place of the one that is there
 */
export function listenOn(
  { state, effects }: Decision,
  here: ReadonlyMap<string, ListedChannel>,
  forgotten: boolean,
): Decision {
  const silent = needsSilence(state)
  const spoken: Effect[] = silent === undefined ? [] : [{ do: 'silence', channelId: silent }]
  return talkOf(state).supervisions.reduce<Decision>(
    (decision, one) => {
      const spy = here.get(spyOf(one) ?? '')
      if (one.leg !== 'answered') return decision
      if (spy?.bridgeId === bridgeOf(one)) {
        if (!forgotten) return decision
        const again = listenAnew(decision.state, one, 'mode_changed')
        return { state: again.state, effects: [...decision.effects, ...again.effects] }
      }
      const anew = listenAnew(decision.state, one)
      // Told again does no harm, not told would be a hole in the record. The supervisor may not be in the bridge either.
      const tell = one.spies > 1 ? 'mode_changed' : 'started'
      const listens = anew.effects.map(
        (effect): Effect => (effect.do === 'listen' ? { ...effect, previousId: undefined, tell } : effect),
      )
      const old: Effect[] = spy === undefined ? [] : [{ do: 'hang_up', channelId: spy.id, why: 'normal' }]
      return { state: anew.state, effects: [...decision.effects, ...old, ...listens] }
    },
    { state, effects: [...effects, ...spoken] },
  )
}

import { promised, type Recipe } from './recipe.js'

/**
 * Controls of a live call. There is no PBX here, so each is refused as for a call that is over; that each succeeds, and answers as documented, is
 * proven on real calls in test/telephony/control/talk.test.ts and supervision/supervise.test.ts, which leave none out.
 */
const over =
  (body: unknown = {}, params: Record<string, string> = {}): Recipe =>
  () => ({
    as: 's01',
    params: { id: 'a-call-that-is-over', ...params },
    body: body ?? undefined,
    refused: 'CTI_ERR_CONTACT_NOT_FOUND',
  })
const toQueue = { to: { queue: 'tax' } }
const SIMPLE = ['hold', 'resume', 'mute', 'unmute', 'swap', 'complete', 'cancel', 'merge', 'leave', 'park', 'pickUp']

export const CALL_RECIPES: Readonly<Record<string, Recipe>> = {
  getCall: over(null),
  ...Object.fromEntries(SIMPLE.map((what) => [`${what}Call`, over()])),
  transferCall: over(toQueue),
  consultCall: over(toQueue),
  conferenceCall: over({ to: { number: '0311200120' } }),
  sendDtmf: over({ digits: '1#' }),
  muteParty: over({}, { party: 'p1' }),
  unmuteParty: over({}, { party: 'p1' }),
  dropParty: over({}, { party: 'p1' }),
  listSupervisionOfCall: over(null),
  superviseCall: over({ mode: 'listen' }),
  switchSupervision: over({ mode: 'whisper' }),
  endSupervision: over(null),
  takeOverCall: over(),
  searchSupervisions: () => ({ as: 's01', query: { limit: '5' } }),
  getHelp: over(null),
  askForHelp: over({ note: '민원인이 흥분' }),
  withdrawHelp: over(null),
  answerHelp: over(),
  sendMessage: () => ({ as: 's01', body: { to: { team: 'one' }, text: '3시에 교육' } }),
  placeCall: async (house) => {
    await house.free('a01')
    const after = async () => {
      const { contactId } = (await house.routing.getAgent('a01')) ?? {}
      if (contactId !== undefined) await house.routing.leaveQueue(contactId, 'cancelled', house.now())
      await house.routing.setPresence('a01', 'offline', undefined, house.now())
    }
    return { as: 'a01', body: { to: { number: '0311200199' }, queue: 'tax' }, after }
  },
  answerContact: async (house) => {
    const { contactId, leave } = await promised(house)
    return { as: 'a01', params: { id: contactId }, body: {}, after: leave }
  },
}

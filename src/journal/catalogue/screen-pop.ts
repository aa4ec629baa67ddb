import { Type } from 'typebox'
import { kind, reservationRef } from './kind.js'

/** Screen pop: composed by calls/ from context/, see context/pop.ts for the payload. */
export const SCREEN_POP_EVENTS = {
  'screenpop.created': kind(
    'agent',
    "What the agent's screen shows, before the phone rings.",
    Type.Object({
      ...reservationRef,
      pop: Type.Unknown({ description: 'ScreenPop of the API contracts; masked for each reader' }),
    }),
  ),
  'screenpop.updated': kind(
    'agent',
    'Context that came after the pop.',
    Type.Object({ ...reservationRef, pop: Type.Unknown() }),
  ),
} as const

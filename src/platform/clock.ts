/** Epoch milliseconds; an argument wherever a decision depends on time, so that tests can choose it. */
export type Clock = () => number

export const systemClock: Clock = () => Date.now()

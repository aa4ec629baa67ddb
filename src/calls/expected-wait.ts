/**
 * Expected wait of the contact at a place in the queue. PURE.
 *
 * Source: domain.md section 3: sum over i = 0..L of 1 / (n*mu + i*theta), n agents, service rate mu = 1/AHT, patience rate
 * theta = 1/patience. n=10, AHT 180 s, L=4, patience 240 s -> 78.94 s; without patience (L+1)*AHT/n -> 90 s.
 *
 * @param position 0-based place
 * @param agents people who work on the queue (talking or free)
 * @param ahtMs average handle time in ms
 * @param patienceMs mean patience in ms; absent: nobody gives up
 * @returns ms, or undefined when nobody works on the queue
 */
export function expectedWaitMs(
  position: number,
  agents: number,
  ahtMs: number,
  patienceMs?: number,
): number | undefined {
  if (agents <= 0) return undefined
  const mu = 1 / ahtMs
  const theta = patienceMs === undefined ? 0 : 1 / patienceMs
  let sum = 0
  for (let i = 0; i <= position; i++) sum += 1 / (agents * mu + i * theta)
  return sum
}

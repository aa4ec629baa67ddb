import { floor } from '../state/live.js'

/** A person of the centre by name; systems and people of before by their id. */
export function personName(id: string): string {
  if (id === 'system') return '시스템'
  if (id === 'citizen') return '시민'
  // The access log and what follows it name people as `user:<id>`.
  const own = id.replace(/^user:/, '')
  return floor.value.agents.get(own)?.name ?? own
}

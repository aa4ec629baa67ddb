--- @include "finish"
-- The agent finishes its wrap-up.
-- KEYS  1 prefix
-- ARGV  1 now, 2 agent, 3 version seen or ''
-- RESULT {reservations, agent} or 4 not found, 5 wrong state, 11 version mismatch
-- EVENT reservation.completed, contact.completed, agent.* [reservation.created ...]
local a = loadAgent(ARGV[2])
if not a then return 4 end
if ARGV[3] ~= '' and ARGV[3] ~= a.version then return 11 end
if a.work == 'wrapping' then
  call('ZREM', K.deadlines, 'wrap:' .. a.id)
  finishWrapUp(a, 'finished')
elseif a.work ~= 'idle' then
  return 5
end
return { made, readAgent(ARGV[2]) }

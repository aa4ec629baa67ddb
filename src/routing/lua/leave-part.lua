--- @include "part"
-- An agent who was drawn in is not needed any more, or has left.
-- KEYS  1 prefix
-- ARGV  1 now, 2 reservation, 3 token, 4 reason of one that was not joined yet
-- RESULT {reservations} or 3 wrong state, 6 not found, 7 stale, 8 expired
-- EVENT reservation.cancelled | reservation.completed, agent.* [reservation.created ...]
local p, code = loadPart(ARGV[2], ARGV[3], '')
if not p then
  if code then return code end
  local _, other = loadPromise(ARGV[2], ARGV[3], '', loadPromised)
  return other or 3
end
if p.part == 'after' then return 3 end
if p.state == 'reserved' then dropPart(p, 'cancelled', ARGV[4]) else finishPart(p) end
return { made }

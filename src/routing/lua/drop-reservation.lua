--- @include "fall"
--- @include "part"
-- The promise ends because the agent's side did not answer (timed_out), could not be rung (failed) or is gone (rescinded).
-- KEYS  1 prefix
-- ARGV  1 now, 2 reservation, 3 token, 4 timed_out | failed | rescinded, 5 reason, 6 '1' = even before the deadline
-- RESULT {reservations} or 3 wrong state, 6 not found, 7 stale, 8 expired, 12 not yet due
-- EVENT reservation.timed_out | failed | rescinded, contact.queued [reservation.created ...], agent.work_changed
local p, wrong = loadPart(ARGV[2], ARGV[3], '')
if wrong then return wrong end
if p then
  if p.state ~= 'reserved' then return 3 end
  if ARGV[6] ~= '1' and now < tonumber(p.deadline) then return 12 end
  dropPart(p, ARGV[4], ARGV[5])
  return { made }
end
local c, code, ended = loadPromise(ARGV[2], ARGV[3], '', loadContact)
if not c then
  if ended ~= ARGV[4] then return code end
  return { made }
end
if c.state ~= 'reserved' then return 3 end
if ARGV[6] ~= '1' and now < tonumber(c.deadline) then return 12 end
dropPromise(c, ARGV[4], ARGV[5], ARGV[4] ~= 'timed_out' and ',"reason":' .. quote(ARGV[5]) or nil)
return { made }

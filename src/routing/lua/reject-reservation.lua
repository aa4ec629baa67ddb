--- @include "part"
--- @include "requeue"
--- @include "settle"
-- The agent declines: it is idle again from now, the contact is back at its old place, the pair stays apart for a while.
-- KEYS  1 prefix
-- ARGV  1 now, 2 reservation, 3 token, 4 agent
-- RESULT {reservations, agent} or 3 wrong state, 6 not found, 7 stale, 8 expired, 9 another agent's
-- EVENT reservation.rejected, contact.queued [reservation.created ...], agent.* [reservation.created ...]
local p, wrong = loadPart(ARGV[2], ARGV[3], ARGV[4])
if wrong then return wrong end
if p then
  if p.state ~= 'reserved' then return 3 end
  dropPart(p, 'rejected', '')
  return { made, readAgent(ARGV[4]) }
end
local c, code, ended = loadPromise(ARGV[2], ARGV[3], ARGV[4], loadContact)
if not c then
  if ended ~= 'rejected' then return code end
  return { made, readAgent(ARGV[4]) }
end
if c.state ~= 'reserved' then return 3 end
local a = loadAgent(c.agentId)
fallThrough(c, 'rejected')
settleAgent(a, 'idle', '', NOW)
return { made, readAgent(ARGV[4]) }

--- @include "part"
-- An agent whose work is about nothing (the contact is gone, waits, or is another agent's), or who was drawn in where nobody knows of it,
-- is free again; for the reconciler, which has looked.
-- KEYS  1 prefix
-- ARGV  1 now, 2 agent
-- RESULT {reservations, agent} or 4 not found, 5 wrong state (the work is in order)
-- EVENT agent.* [reservation.created ...]
local a = loadAgent(ARGV[2])
if not a then return 4 end
if a.work ~= 'idle' and a.work ~= 'not_responding' then
  local p = partOf(a)
  if p and p.part == 'after' then return 5 end
  if p then
    endPromise(p, p.state == 'reserved' and 'cancelled' or 'completed')
    settleAgent(a, 'idle', '', NOW)
    return { made, readAgent(ARGV[2]) }
  end
  local held = call('HMGET', K.agent .. a.id, 'contactId', 'reservationId')
  local c = held[1] and loadPromised(held[1])
  if c and c.state ~= 'queued' and c.agentId == a.id and c.reservationId == held[2] then return 5 end
  -- left over in the free sets it could be promised twice
  unlistAgent(a)
  call('ZREM', K.deadlines, 'wrap:' .. a.id)
  settleAgent(a, 'idle', '', NOW)
end
return { made, readAgent(ARGV[2]) }

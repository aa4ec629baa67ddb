--- @include "part"
--- @include "promise"
-- The agent takes the promise by its client. The device still has to answer, so it gets a whole ring time from now.
-- KEYS  1 prefix
-- ARGV  1 now, 2 reservation, 3 token, 4 agent
-- RESULT {reservations, agent} or 6 not found, 7 stale, 8 expired, 9 another agent's
-- EVENT reservation.accepted
local p, wrong = loadPart(ARGV[2], ARGV[3], ARGV[4])
if wrong then return wrong end
if p then
  if p.promise == 'pending' then
    if now >= tonumber(p.deadline) then return 8 end
    promiseEvent(p, 'accepted', 2, ',"by":"client"')
    call('HSET', K.agent .. p.agentId, 'partState', 'accepted')
    call('HINCRBY', K.agent .. p.agentId, 'version', 1)
  end
  return { made, readAgent(p.agentId) }
end
local c, code = loadPromise(ARGV[2], ARGV[3], ARGV[4], loadContact)
if not c then return code end
if c.promise == 'pending' then
  if now >= tonumber(c.deadline) then return 8 end
  -- kept for longer already while a citizen is dialled
  local deadline = num(math.max(now + usePlan(c).ringMs, tonumber(c.deadline)))
  promiseEvent(c, 'accepted', 2, ',"by":"client"')
  call('HSET', K.contact .. c.id, 'promise', 'accepted', 'deadline', deadline)
  call('HSET', K.agent .. c.agentId, 'deadline', deadline)
  call('HINCRBY', K.agent .. c.agentId, 'version', 1)
  call('ZADD', K.deadlines, deadline, 'ring:' .. c.reservationId)
end
return { made, readAgent(c.agentId) }

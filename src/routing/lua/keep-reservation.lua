--- @include "promise"
-- The promise holds until a later time: the agent is on the phone, or waits, while the citizen is being dialled.
-- KEYS  1 prefix
-- ARGV  1 now, 2 reservation, 3 token, 4 deadline, 5 '1': the agent's device has answered
-- RESULT {deadline} or 3 wrong state, 6 not found, 7 stale, 8 expired
-- EVENT [reservation.accepted]
local c, code = loadPromise(ARGV[2], ARGV[3], '', loadPromised)
if not c then return code end
if c.state ~= 'reserved' then return 3 end
if c.promise == 'pending' and ARGV[5] == '1' then
  promiseEvent(c, 'accepted', 2, ',"by":"device"')
  call('HSET', K.contact .. c.id, 'promise', 'accepted')
end
call('HSET', K.contact .. c.id, 'deadline', ARGV[4])
call('HSET', K.agent .. c.agentId, 'deadline', ARGV[4])
call('HINCRBY', K.agent .. c.agentId, 'version', 1)
call('ZADD', K.deadlines, ARGV[4], 'ring:' .. c.reservationId)
return { ARGV[4] }

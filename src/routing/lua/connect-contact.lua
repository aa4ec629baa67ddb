--- @include "promise"
-- The agent's device answered and both are bridged.
-- KEYS  1 prefix
-- ARGV  1 now, 2 reservation, 3 token
-- RESULT {ms waited} or 3 wrong state, 6 not found, 7 stale, 8 expired
-- EVENT [reservation.accepted] contact.connected, agent.work_changed
local c, code = loadPromise(ARGV[2], ARGV[3], '', loadPromised)
if not c then return code end
if c.state == 'connected' then return { num(math.max(c.connectedAt - c.enqueuedAt, 0)) } end
if c.state ~= 'reserved' then return 3 end
local a = loadWork(c.agentId)
if c.promise == 'pending' then promiseEvent(c, 'accepted', 2, ',"by":"device"') end
local waited = num(math.max(now - c.enqueuedAt, 0))
contactEvent(c, 'connected', promiseData(c, ',"waitedMs":' .. waited .. ',"enqueuedAt":' .. c.enqueuedAt))
workEvent(a, 'talking', c)
call('ZREM', K.deadlines, 'ring:' .. c.reservationId)
call('HSET', K.contact .. c.id, 'state', 'connected', 'promise', 'accepted', 'connectedAt', NOW, 'version', c.version)
call('HSET', K.agent .. a.id, 'work', 'talking', 'workSince', NOW, 'version', a.version)
return { waited }

--- @include "finish"
-- Talk ended: wrap-up begins, or the work is finished at once when there is none.
-- KEYS  1 prefix
-- ARGV  1 now, 2 contact, 3 wrapMs, 4 who ended it
-- RESULT {reservations} or 1 not found, 3 wrong state
-- EVENT contact.wrapping, agent.work_changed | contact.wrapping, reservation.completed, contact.completed, agent.* [reservation.created]
local c = loadPromised(ARGV[2])
if not c then return 1 end
if c.state == 'wrapping' then return { made } end
if c.state ~= 'connected' then return 3 end
local a = loadAgent(c.agentId)
local ends = num(now + ARGV[3])
contactEvent(c, 'wrapping', promiseData(c, ',"endedBy":' .. quote(ARGV[4]) .. ',"wrapUntil":' .. ends))
c.state, c.promise = 'wrapping', 'wrapping'
if tonumber(ARGV[3]) <= 0 then
  finishWork(c, a, 'no_wrap')
  return { made }
end
workEvent(a, 'wrapping', c, ',"wrapUntil":' .. ends)
call('HSET', K.contact .. c.id, 'state', 'wrapping', 'promise', 'wrapping', 'version', c.version)
call('HSET', K.agent .. a.id, 'work', 'wrapping', 'workSince', NOW, 'wrapUntil', ends, 'version', a.version)
call('ZADD', K.deadlines, ends, 'wrap:' .. a.id)
return { made }

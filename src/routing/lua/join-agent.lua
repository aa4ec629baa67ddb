--- @include "part"
-- The device of an agent who was drawn in has answered.
-- KEYS  1 prefix
-- ARGV  1 now, 2 reservation, 3 token
-- RESULT {} or 3 wrong state, 6 not found, 7 stale, 8 expired
-- EVENT [reservation.accepted] agent.work_changed
local p, code = loadPart(ARGV[2], ARGV[3], '')
if not p then
  if code then return code end
  local _, other = loadPromise(ARGV[2], ARGV[3], '', loadPromised)
  return other or 3
end
local a = p.a
if a.work == 'talking' then return {} end
if p.state ~= 'reserved' then return 3 end
if p.promise == 'pending' then promiseEvent(p, 'accepted', 2, ',"by":"device"') end
workEvent(a, 'talking', p)
call('ZREM', K.deadlines, 'ring:' .. p.reservationId)
call('HSET', K.agent .. a.id, 'work', 'talking', 'workSince', NOW, 'partState', 'accepted', 'version', a.version)
return {}

--- @include "settle"
-- Creates an agent (idle, device down, with the presence that is known of it) or changes the routes it serves; presence and work stay.
-- KEYS  1 prefix
-- ARGV  1 now, 2 agent, 3 routes JSON [route, score of its rank, ...], 4 version of the centre file, 5 presence of a new one, 6 its break reason or ''
-- RESULT {reservations}
-- EVENT [agent.presence_changed] [reservation.created, agent.work_changed]
local key, version = K.agent .. ARGV[2], tonumber(ARGV[4])
local a = loadAgent(ARGV[2])
if not a then
  call('SADD', K.agents, ARGV[2])
  a = { id = ARGV[2], version = 1, presence = 'offline' }
  if ARGV[5] ~= 'offline' then presenceEvent(a, ARGV[5], ARGV[6]) end
  call('HSET', key, 'version', a.version, 'work', 'idle', 'presence', ARGV[5], 'breakReason', ARGV[6], 'device', 'down',
    'idleSince', ARGV[5] == 'available' and NOW or '', 'nextPresence', '', 'nextBreakReason', '', 'removed', '',
    'workSince', NOW, 'workReason', '', 'presenceSince', NOW, 'configVersion', ARGV[4], 'routes', ARGV[3])
  return { made }
end
if version < tonumber(call('HGET', key, 'configVersion')) then return { made } end
call('HSET', key, 'configVersion', ARGV[4], 'routes', ARGV[3], 'removed', '')
if a.raw == ARGV[3] or not a.listed then return { made } end
unlistAgent(a)
a.listed = false
a.raw, a.routes = ARGV[3], nil
offer(a)
return { made }

--- @include "settle"
-- Creates an agent (offline, idle, device down) or changes the routes it serves; presence and work stay.
-- KEYS  1 prefix
-- ARGV  1 now, 2 agent, 3 routes JSON [route, score of its rank, ...], 4 version of the centre file
-- RESULT {reservations}
-- EVENT [reservation.created, agent.work_changed]
local key, version = K.agent .. ARGV[2], tonumber(ARGV[4])
local a = loadAgent(ARGV[2])
if not a then
  call('SADD', K.agents, ARGV[2])
  call('HSET', key, 'version', 1, 'work', 'idle', 'presence', 'offline', 'breakReason', '', 'device', 'down', 'idleSince', '',
    'nextPresence', '', 'nextBreakReason', '', 'removed', '', 'workSince', NOW, 'workReason', '', 'presenceSince', NOW,
    'configVersion', ARGV[4], 'routes', ARGV[3])
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

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
  call('HSET', key, 'routes', ARGV[3], 'configVersion', ARGV[4], 'presence', 'offline', 'breakReason', '', 'work', 'idle',
    'workReason', '', 'device', 'down', 'idleSince', '', 'presenceSince', NOW, 'workSince', NOW, 'reservationId', '',
    'contactId', '', 'token', '', 'deadline', '', 'wrapUntil', '', 'nextPresence', '', 'nextBreakReason', '', 'removed', '',
    'version', 1)
  return { made }
end
if version < a.configVersion then return { made } end
call('HSET', key, 'configVersion', ARGV[4], 'routes', ARGV[3], 'removed', '')
if a.raw == ARGV[3] or not a.listed then return { made } end
unlistAgent(a)
a.listed = false
useRoutes(a, ARGV[3])
offer(a)
return { made }

--- @include "emit"
--- @include "load"
-- The agent needs longer for its wrap-up.
-- KEYS  1 prefix
-- ARGV  1 now, 2 agent, 3 by ms, 4 version seen or ''
-- RESULT {reservations, agent} or 4 not found, 5 wrong state, 11 version mismatch
-- EVENT agent.work_changed (wrapping again, with the new end)
local a = loadAgent(ARGV[2])
if not a then return 4 end
if ARGV[4] ~= '' and ARGV[4] ~= a.version then return 11 end
if a.work ~= 'wrapping' then return 5 end
local v = call('HMGET', K.agent .. a.id, 'wrapUntil', 'workSince', 'contactId', 'reservationId')
local ends = num(v[1] + ARGV[3])
a.since = v[2]
workEvent(a, 'wrapping', { id = v[3], reservationId = v[4] }, ',"wrapUntil":' .. ends)
call('HSET', K.agent .. a.id, 'wrapUntil', ends, 'version', a.version)
call('ZADD', K.deadlines, ends, 'wrap:' .. a.id)
return { made, readAgent(a.id) }

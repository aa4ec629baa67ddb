--- @include "match"
--- @include "part"
--- @include "reserve"
-- A contact in talk waits again, in another queue or for a certain agent; the one who had it wraps up.
-- KEYS  1 prefix
-- ARGV  1 now, 2 contact, 3 queue, 4 priority, 5 enqueuedAt, 6 score, 7 plan (include/load), 8 apart JSON or '', 9 limit or '',
--       10 agent that must be free or '', 11 wrapMs of who had it, 12 kind of the transfer, 13 members of contact.queued after position,
--       14 the pop's members after the promise's own or ''
-- RESULT {reservations} or 1 not found, 3 wrong state, 4 agent not found, 5 the agent is not free, 10 queue full
-- EVENT contact.transferred, contact.queued [reservation.created ...], agent.* [reservation.created ...]
local c = loadPromised(ARGV[2])
if not c then return 1 end
if c.state ~= 'connected' then return 3 end
local queue, score, to = ARGV[3], ARGV[6], ARGV[10]
if to ~= '' and not call('ZSCORE', K.free, to) then return call('EXISTS', K.agent .. to) == 0 and 4 or 5 end
local waiting = call('ZCARD', K.queue .. queue)
if ARGV[9] ~= '' and waiting >= tonumber(ARGV[9]) then return 10 end
contactEvent(c, 'transferred', '{"agentId":"' .. c.agentId .. '","kind":"' .. ARGV[12] .. '","queue":"' .. c.queue .. '","reservationId":"'
  .. c.reservationId .. (to ~= '' and '","toAgent":"' .. to or '') .. '","toQueue":"' .. queue .. '"}')
local n = usePlan({ id = c.id, queue = queue, priority = ARGV[4], enqueuedAt = ARGV[5], score = score, apart = ARGV[8], attempts = '0',
  version = c.version, listed = false, rawPlan = ARGV[7], node = call('HGET', K.contact .. c.id, 'node') or '' })
n.active = countActive(n)
n.changes = { 'queue', queue, 'enqueuedAt', ARGV[5], 'score', score, 'plan', ARGV[7], 'active', num(n.active), 'priority', ARGV[4],
  'apart', n.apart, 'attempts', '0', 'parkedAt', '' }
contactEvent(n, 'queued', '{"queue":"' .. queue .. '","priority":' .. ARGV[4] .. ',"enqueuedAt":' .. ARGV[5]
  .. ',"attempts":0,"position":' .. call('ZCOUNT', K.queue .. queue, '-inf', '(' .. score) .. ',"transferred":true' .. ARGV[13] .. '}')
if ARGV[14] ~= '' then n.pop = ARGV[14] end
local a, route = findAgent(n)
if a then
  reserve(n, a, route)
else
  call('HSET', K.contact .. n.id, 'state', 'queued', 'version', n.version, unpack(n.changes))
  listContact(n)
end
leaveBehind(c, loadAgent(c.agentId), ARGV[11])
return { made }

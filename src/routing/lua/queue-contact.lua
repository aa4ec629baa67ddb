--- @include "match"
--- @include "reserve"
-- A contact starts to wait, or gets the best free agent at once.
-- KEYS  1 prefix
-- ARGV  1 now, 2 contact, 3 queue, 4 priority, 5 enqueuedAt, 6 score, 7 plan (include/load), 8 apart JSON or '',
--       9 limit or '', 10 members of the event's data after position, 11 time of contact.created or '', 12 its data,
--       13 the pop's members after the promise's own or '', 14 PBX node of the caller or ''
-- RESULT {reservations, position, waiting} or 2 exists, 10 queue full
-- EVENT [contact.created] contact.queued [reservation.created, agent.work_changed, screenpop.created]
local id, queue, score = ARGV[2], ARGV[3], ARGV[6]
local waiting = call('ZCARD', K.queue .. queue)
local known = call('HGET', K.contact .. id, 'state')
if known then
  -- asked again: the same answer, nothing happens twice
  local c = loadContact(id)
  if c.queue ~= queue or c.enqueuedAt ~= ARGV[5] or c.score ~= score then return 2 end
  if known == 'reserved' then
    local v, at = call('HMGET', K.contact .. id, 'route', 'deviceNode'), c.reservationId:match('^r(%d+)%-')
    return { { { c.reservationId, id, c.agentId, queue, v[1], c.token, at, c.deadline, v[2] or '' } }, 0, waiting }
  end
  if known ~= 'queued' then return 2 end
  return { {}, call('ZCOUNT', K.queue .. queue, '-inf', '(' .. score), waiting }
end
if ARGV[11] ~= '' then
  append(num(call('INCR', seqKey)), 'contact.created', 'contact:' .. id, id, 1, ARGV[12], ARGV[11])
end
if ARGV[9] ~= '' and waiting >= tonumber(ARGV[9]) then return 10 end
local position = waiting > 0 and call('ZCOUNT', K.queue .. queue, '-inf', '(' .. score) or 0

local c = usePlan({ id = id, queue = queue, priority = ARGV[4], enqueuedAt = ARGV[5], score = score, apart = ARGV[8],
  attempts = '0', version = '0', listed = false, rawPlan = ARGV[7], node = ARGV[14] })
c.active = countActive(c)
c.changes = { 'queue', queue, 'enqueuedAt', ARGV[5], 'score', score, 'plan', ARGV[7], 'active', num(c.active), 'priority', ARGV[4],
  'node', c.node }
if c.apart ~= '' then
  c.changes[15], c.changes[16] = 'apart', c.apart
end
contactEvent(c, 'queued', '{"queue":"' .. queue .. '","priority":' .. ARGV[4] .. ',"enqueuedAt":' .. ARGV[5]
  .. ',"attempts":0,"position":' .. position .. ARGV[10] .. '}')
-- Its hash was lost but it may still be listed: listed and promised at once, it would be promised twice.
c.listed = call('SADD', K.contacts, id) == 0
local a, route = findAgent(c)
if a then
  if ARGV[13] ~= '' then c.pop = ARGV[13] end
  reserve(c, a, route)
  return { made, 0, waiting }
end
call('HSET', K.contact .. id, 'state', 'queued', 'version', c.version, unpack(c.changes))
listContact(c)
return { made, position, waiting + 1 }

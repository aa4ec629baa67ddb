--- @include "finish"
--- @include "requeue"
-- An agent calls out: a contact of its own, promised to that agent and to nobody else. Its wrap-up, if any, ends with it.
-- KEYS  1 prefix
-- ARGV  1 now, 2 contact, 3 agent, 4 queue, 5 priority, 6 score, 7 plan (include/load) without routes, 8 PBX node or '',
--       9 data of contact.created
-- RESULT {reservations} or 2 exists, 4 agent not found, 5 the agent is not free
-- EVENT contact.created, [reservation.completed, contact.completed, agent.*,] reservation.created, agent.work_changed
local id, who = ARGV[2], ARGV[3]
if call('EXISTS', K.contact .. id) == 1 then return 2 end
local a = loadAgent(who)
if not a then return 4 end
local coming = a.next ~= '' and a.next or a.presence
local ready = a.work == 'idle' or a.work == 'wrapping'
if not ready or coming == 'offline' or a.device ~= 'up' or a.removed then return 5 end
emit('contact.created', 'contact:' .. id, id, 1, ARGV[9])
if a.work == 'wrapping' then
  call('ZREM', K.deadlines, 'wrap:' .. who)
  -- Nobody is offered in between.
  a.device = 'down'
  finishWrapUp(a, 'finished')
  a = loadAgent(who)
end
local c = usePlan({ id = id, queue = ARGV[4], priority = ARGV[5], enqueuedAt = NOW, score = ARGV[6], apart = '', attempts = '0',
  version = '1', listed = false, rawPlan = ARGV[7], active = 0, node = ARGV[8] })
c.changes = { 'queue', c.queue, 'enqueuedAt', NOW, 'score', c.score, 'plan', c.rawPlan, 'active', '0', 'priority', c.priority, 'node', c.node }
call('SADD', K.contacts, id)
reserve(c, a, '@' .. who)
return { made }

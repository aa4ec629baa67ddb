--- @include "emit"
--- @include "list"
-- Two talk in the PBX and the core has forgotten it (Redis was emptied) or given it up (the PBX was out of reach for long): contact and agent
-- are as they were, nobody else gets the agent.
-- KEYS  1 prefix
-- ARGV  1 now, 2 contact, 3 queue, 4 priority, 5 enqueuedAt, 6 reservation, 7 token, 8 agent, 9 PBX node of the caller or ''
-- RESULT {} or 2 exists, 4 agent not found, 5 the agent has other work
-- EVENT contact.connected [agent.work_changed]
local id, reservation = ARGV[2], ARGV[6]
local known = call('HMGET', K.contact .. id, 'state', 'reservationId')
if known[1] == 'connected' and known[2] == reservation then return {} end
-- Only the contact may have been lost: then its promise and its agent still name it. Or the talk was given up: then the promise is completed.
local held = call('GET', K.reservation .. reservation)
if known[1] or held and held ~= id and held:sub(1, 11) ~= '!completed ' then return 2 end
local a = loadAgent(ARGV[8])
if not a then return 4 end
local about = call('HMGET', K.agent .. a.id, 'contactId', 'reservationId')
local talks = a.work == 'talking' and about[1] == id and about[2] == reservation
if not talks and a.work ~= 'idle' and a.work ~= 'not_responding' then return 5 end
if a.listed then unlistAgent(a) end
-- The talk began when the phone was answered; when it began to ring is what its id tells.
local offeredAt = reservation:match('^r(%d+)%-') or NOW
local waited = num(math.max(offeredAt - ARGV[5], 0))
local c = { id = id, queue = ARGV[3], agentId = a.id, reservationId = reservation, token = ARGV[7], version = '0' }
contactEvent(c, 'connected', promiseData(c, ',"waitedMs":' .. waited .. ',"enqueuedAt":' .. ARGV[5]))
if not talks then workEvent(a, 'talking', c) end
call('SADD', K.contacts, id)
call('SET', K.reservation .. reservation, id)
call('HSET', K.contact .. id, 'state', 'connected', 'queue', c.queue, 'priority', ARGV[4], 'enqueuedAt', ARGV[5], 'agentId', a.id,
  'reservationId', reservation, 'token', c.token, 'promise', 'accepted', 'connectedAt', offeredAt, 'node', ARGV[9], 'version', c.version)
if not talks then
  call('HSET', K.agent .. a.id, 'work', 'talking', 'workReason', '', 'workSince', NOW, 'contactId', id, 'reservationId', reservation,
    'token', c.token, 'contactNode', ARGV[9], 'part', '', 'version', a.version)
end
return {}

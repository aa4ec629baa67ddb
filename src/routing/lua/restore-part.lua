--- @include "emit"
--- @include "list"
-- An agent is in another agent's talk (consulted, in a conference, listening) and the core has forgotten it, as it had the talk
-- (restore-talk.lua comes first): the agent is at work there, nobody else gets them.
-- KEYS  1 prefix
-- ARGV  1 now, 2 contact, 3 part, 4 reservation, 5 token, 6 agent
-- RESULT {} or 1 not found, 2 exists, 3 wrong state, 4 agent not found, 5 the agent has other work
-- EVENT agent.work_changed
local part, reservation = ARGV[3], ARGV[4]
local c = loadPromised(ARGV[2])
if not c then return 1 end
if c.state ~= 'connected' then return 3 end
local a = loadAgent(ARGV[6])
if not a then return 4 end
local held = call('GET', K.reservation .. reservation)
if held == '+' .. a.id then return {} end
if held and held:sub(1, 11) ~= '!completed ' then return 2 end
if a.work ~= 'idle' and a.work ~= 'not_responding' then return 5 end
if a.listed then unlistAgent(a) end
workEvent(a, 'talking', { id = c.id, reservationId = reservation, part = part })
call('SET', K.reservation .. reservation, '+' .. a.id)
call('HSET', K.agent .. a.id, 'work', 'talking', 'workReason', '', 'workSince', NOW, 'contactId', c.id, 'reservationId', reservation,
  'token', ARGV[5], 'contactNode', call('HGET', K.contact .. c.id, 'node') or '', 'part', part, 'partState', 'accepted', 'partQueue', c.queue,
  'version', a.version)
return {}

--- @include "match"
--- @include "promise"
--- @include "reserve"
-- A second agent is promised to a contact that has one: to be consulted, to join in, to supervise. From here on nobody else gets it.
-- KEYS  1 prefix
-- ARGV  1 now, 2 contact, 3 JSON list of routes (`@<agent>`, or those of a queue), 4 what for, 5 ring ms,
--       6 '1': the one agent of the route, whatever the presence, 7 the pop's members after the promise's own or ''
-- RESULT {reservations} or 1 not found, 3 wrong state, 4 agent not found, 5 the agent is not free, 15 nobody is free
-- EVENT reservation.created, agent.work_changed [screenpop.created]
local c = loadPromised(ARGV[2])
if not c then return 1 end
if c.state ~= 'connected' then return 3 end
local routes = cjson.decode(ARGV[3])
local named = routes[1]:match('^@(.*)$')
if named and call('EXISTS', K.agent .. named) == 0 then return 4 end
local a, route
if ARGV[6] == '1' then
  a, route = loadAgent(named), routes[1]
  if a.work ~= 'idle' or a.device ~= 'up' or a.removed then return 5 end
else
  local plan = { 0, 0, 0 }
  for _, each in ipairs(routes) do
    plan[#plan + 1], plan[#plan + 2] = each, 0
  end
  -- Nor anybody whom the contact is kept apart from.
  local apart = call('HGET', K.contact .. c.id, 'apart')
  local own = '"' .. c.agentId .. '":0}'
  apart = apart and apart ~= '' and apart:sub(1, -2) .. ',' .. own or '{' .. own
  a, route = findAgent({ active = #routes, total = #routes, plan = plan, apart = apart })
  if not a then return named and 5 or 15 end
end
if a.listed then unlistAgent(a) end
local p = { id = c.id, queue = c.queue, enqueuedAt = c.enqueuedAt, attempts = '0', pop = ARGV[7] ~= '' and ARGV[7] or nil,
  unnamed = ARGV[4] == 'supervision' }
local deadline = announce(p, a, route, ARGV[5], ',"part":"' .. ARGV[4] .. '"')
call('HSET', K.agent .. a.id, 'work', 'reserved', 'workSince', NOW, 'contactId', c.id, 'reservationId', p.reservationId, 'token', p.token,
  'contactNode', call('HGET', K.contact .. c.id, 'node') or '', 'deadline', deadline, 'part', ARGV[4], 'partState', 'pending',
  'partQueue', c.queue, 'version', a.version)
call('SET', K.reservation .. p.reservationId, '+' .. a.id)
return { made }

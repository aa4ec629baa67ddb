--- @include "settle"
-- The agent's phone can be rung (up), is in a call that is not ours (busy), or cannot be rung (down) at one PBX node. It is up as long as it is
-- up at any; the node at which it came up last is where it is rung. Busy holds until the node that said so says otherwise. Coming up, or being
-- in a call, clears not_responding when that was the device's fault.
-- KEYS  1 prefix
-- ARGV  1 now, 2 agent, 3 up | busy | down, 4 PBX node, or '': at whichever it is
-- RESULT {reservations, agent} or 4 not found
-- EVENT [agent.device_changed] [agent.work_changed] [reservation.created ...]
local a = loadAgent(ARGV[2])
if not a then return 4 end
local report, node = ARGV[3], ARGV[4]
local nodes = {}
-- Said again, it keeps its place: only where it came up last counts.
local here = report ~= 'down'
local known = here and find(' ' .. a.nodes .. ' ', ' ' .. node .. ' ', 1, true)
if here and node ~= '' and not known then nodes[1] = node end
for each in a.nodes:gmatch('%S+') do
  if here or (node ~= '' and each ~= node) then nodes[#nodes + 1] = each end
end
local before = homeOf(a.nodes)
a.nodes = table.concat(nodes, ' ')
-- '*': a node without a name; no node is called so.
local tag, busyAt = node == '' and '*' or node, call('HGET', K.agent .. a.id, 'busyAt') or ''
if report == 'busy' then
  busyAt = tag
elseif busyAt == tag or (not here and node == '') then
  busyAt = ''
end
local home = homeOf(a.nodes)
local device = not here and home == '' and 'down' or (busyAt ~= '' and 'busy' or 'up')
local changed = device ~= a.device
if changed and a.listed then
  unlistAgent(a)
  a.listed = false
end
if changed or home ~= before then
  a.device, a.version = device, num(a.version + 1)
  emit('agent.device_changed', 'agent:' .. a.id, '', a.version, '{"agentId":"' .. a.id .. '","device":"' .. device
    .. (home ~= '' and '","node":"' .. home or '') .. '","since":' .. NOW .. '}')
end
call('HSET', K.agent .. a.id, 'device', device, 'deviceNodes', a.nodes, 'busyAt', busyAt, 'version', a.version)
local reason = here and a.work == 'not_responding' and call('HGET', K.agent .. a.id, 'workReason')
if reason == 'unregistered' or reason == 'unreachable' then
  settleAgent(a, 'idle', '', NOW)
elseif changed and a.work == 'idle' then
  offer(a)
end
return { made, readAgent(ARGV[2]) }

--- @include "settle"
-- The agent's device registered (up) or went away (down). Coming up clears not_responding when that was the device's fault.
-- KEYS  1 prefix
-- ARGV  1 now, 2 agent, 3 up | down
-- RESULT {reservations, agent} or 4 not found
-- EVENT [agent.device_changed] [agent.work_changed] [reservation.created ...]
local a = loadAgent(ARGV[2])
if not a then return 4 end
local device = ARGV[3]
local changed = device ~= a.device
if changed then
  if a.listed then unlistAgent(a) end
  a.device, a.listed, a.version = device, false, num(a.version + 1)
  emit('agent.device_changed', 'agent:' .. a.id, '', a.version,
    '{"agentId":"' .. a.id .. '","device":"' .. device .. '","since":' .. NOW .. '}')
  call('HSET', K.agent .. a.id, 'device', device, 'version', a.version)
end
if device == 'up' then
  local reason = a.work == 'not_responding' and call('HGET', K.agent .. a.id, 'workReason')
  if reason == 'unregistered' or reason == 'unreachable' then
    settleAgent(a, 'idle', '', NOW)
  elseif changed and a.work == 'idle' then
    offer(a)
  end
end
return { made, readAgent(ARGV[2]) }

--- @include "match"
--- @include "reserve"
-- What happens to an agent whose work ended.

local function change(a, field, value)
  local n = #a.changes
  a.changes[n + 1], a.changes[n + 2] = field, value
end

-- a.by: somebody else has chosen it for the agent, or nil.
local function presenceEvent(a, presence, reason)
  a.version = num(a.version + 1)
  emit('agent.presence_changed', 'agent:' .. a.id, '', a.version, '{"agentId":"' .. a.id .. '","presence":"' .. presence
    .. '","previous":"' .. a.presence .. '","since":' .. NOW
    .. (reason ~= '' and (presence == 'break' and ',"breakReason":' or ',"reason":') .. quote(reason) or '')
    .. ((a.by or '') ~= '' and ',"by":' .. quote(a.by) or '') .. '}')
end

-- Changes presence now (reason: of a break, or why it was not the agent's choice); what was planned for later is forgotten.
local function changePresence(a, presence, reason)
  if presence ~= a.presence or reason ~= a.breakReason then
    presenceEvent(a, presence, reason)
    if presence ~= a.presence then a.idleSince = presence == 'available' and NOW or '' end
    a.presence, a.breakReason = presence, reason
    change(a, 'presence', presence)
    change(a, 'breakReason', reason)
    change(a, 'presenceSince', NOW)
  end
  change(a, 'nextPresence', '')
  change(a, 'nextBreakReason', '')
  change(a, 'nextBy', '')
end

-- Gives an agent that just became free (available, idle, device up) the next contact, else puts it into the free sets.
-- Returns true when a contact was promised; then the agent's fields are written already.
local function offer(a)
  if a.presence ~= 'available' or a.device ~= 'up' then return false end
  local c, route = findContact(a)
  if c then
    reserve(c, a, route)
    return true
  end
  listAgent(a)
  return false
end

local function forgetAgent(a)
  if a.presence ~= 'offline' then presenceEvent(a, 'offline', '') end
  call('SREM', K.agents, a.id)
  call('DEL', K.agent .. a.id)
  call('ZREM', K.deadlines, 'client:' .. a.id)
end

-- Work ends: a planned presence takes effect, an agent that is no longer in the centre goes, an idle one is offered the
-- next contact. work: 'idle' or 'not_responding' with its reason; since: from when the agent counts as idle.
local function settleAgent(a, work, reason, since)
  a.changes = (reason ~= '' or a.work == 'not_responding') and { 'workReason', reason } or {}
  a.idleSince = work == 'idle' and a.presence == 'available' and since or ''
  if a.next ~= '' and not a.removed then
    a.by = a.nextBy
    changePresence(a, a.next, a.nextReason)
  end
  if work ~= 'idle' then a.idleSince = '' end
  change(a, 'idleSince', a.idleSince)
  if not a.removed and work == 'idle' and offer(a) then return end
  workEvent(a, work, nil, reason ~= '' and ',"reason":' .. quote(reason) or '')
  if a.removed then return forgetAgent(a) end
  call('HSET', K.agent .. a.id, 'work', work, 'workSince', NOW, 'version', a.version, unpack(a.changes))
end

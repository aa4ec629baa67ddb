--- @include "settle"
-- Agents whose event sockets are watched. As long as an instance holds one, it keeps moving the alarm `client:<agent>` into the
-- future; an agent that never had one has no alarm.

-- Presence a busy agent will have when the work ends.
local function planPresence(a, presence, reason)
  a.version = num(a.version + 1)
  call('HSET', K.agent .. a.id, 'nextPresence', presence, 'nextBreakReason', reason, 'nextBy', '', 'version', a.version)
end

-- No socket came back in time: who would get work becomes offline, at once or when the present work ends.
local function loseClient(a)
  local coming = a.next ~= '' and a.next or a.presence
  if coming ~= 'available' then return end
  if a.work == 'not_responding' then
    a.next, a.nextReason, a.nextBy = 'offline', 'client_lost', ''
    settleAgent(a, 'idle', '', NOW)
  elseif a.work ~= 'idle' then
    planPresence(a, 'offline', 'client_lost')
  else
    if a.listed then unlistAgent(a) end
    a.changes, a.listed = {}, false
    changePresence(a, 'offline', 'client_lost')
    call('HSET', K.agent .. a.id, 'version', a.version, 'idleSince', a.idleSince, unpack(a.changes))
  end
end

--- @include "emit"
--- @include "load"
-- Finding and ending promises. Codes as in routing/model.ts ROUTING_ERRORS.
local TOMBSTONE_SECONDS = 600

-- The contact that is promised under this id and token (and to this agent, '' = any), with its agent in c.agentId.
-- load: loadContact or loadPromised. Else nil, the error code and, when the promise ended lately, the state it ended in.
local function loadPromise(id, token, agentId, load)
  local v = call('GET', K.reservation .. id)
  if not v then return nil, 6 end
  if v:sub(1, 1) == '!' then
    local state, itsToken, itsAgent = v:match('^!(%S+) (%S+) (%S+)$')
    if itsToken ~= token then return nil, 7 end
    if agentId ~= '' and itsAgent ~= agentId then return nil, 9 end
    return nil, 8, state
  end
  -- an agent's part in it (include/part)
  if v:sub(1, 1) == '+' then return nil, 3 end
  local c = load(v)
  if c.token ~= token then return nil, 7 end
  if agentId ~= '' and c.agentId ~= agentId then return nil, 9 end
  return c
end

local VERSIONS = { pending = 1, accepted = 2, wrapping = 3 }

-- Ends the promise; a tombstone answers late commands for a while. more: further JSON members of the event.
local function endPromise(c, state, more)
  promiseEvent(c, state, VERSIONS[c.promise] + 1, more)
  call('SET', K.reservation .. c.reservationId, '!' .. state .. ' ' .. c.token .. ' ' .. c.agentId, 'EX', TOMBSTONE_SECONDS)
  if c.state == 'reserved' then call('ZREM', K.deadlines, 'ring:' .. c.reservationId) end
end

--- @include "promise"
--- @include "settle"
-- An agent's part in a contact that is another agent's: drawn in beside it (consult, conference, supervision), or still wrapping up
-- after it went on to somebody else ('after'). It stands in the agent's hash alone; reservation:<id> holds `+<agent>`.

-- The part as promise.lua wants its promises, or nil.
local function partOf(a)
  if a.work == 'idle' or a.work == 'not_responding' then return nil end
  local v = call('HMGET', K.agent .. a.id, 'part', 'contactId', 'reservationId', 'token', 'partState', 'partQueue', 'deadline')
  if not v[1] or v[1] == '' then return nil end
  local rings = a.work == 'reserved' or a.work == 'ringing'
  return { part = v[1], id = v[2], reservationId = v[3], token = v[4], promise = v[5], queue = v[6], deadline = v[7], agentId = a.id,
    state = rings and 'reserved' or 'connected', a = a }
end

-- The part that was promised under this id and token (and to this agent, '' = any). Else nil; with an error code when it is a part's id.
local function loadPart(id, token, agentId)
  local v = call('GET', K.reservation .. id)
  if not v or v:sub(1, 1) ~= '+' then return nil end
  local a = loadAgent(v:sub(2))
  local p = a and partOf(a)
  if not p or p.reservationId ~= id then return nil, 6 end
  if p.token ~= token then return nil, 7 end
  if agentId ~= '' and a.id ~= agentId then return nil, 9 end
  return p
end

-- A part ends before it was joined: the contact goes on as it is, the agent as after any promise that fell through.
local function dropPart(p, state, reason)
  endPromise(p, state, state ~= 'timed_out' and reason ~= '' and ',"reason":' .. quote(reason) or nil)
  if state == 'rejected' then return settleAgent(p.a, 'idle', '', NOW) end
  if state == 'cancelled' or reason == 'pbx_away' then return settleAgent(p.a, 'idle', '', p.a.idleSince) end
  settleAgent(p.a, 'not_responding', reason)
end

local function finishPart(p)
  endPromise(p, 'completed')
  settleAgent(p.a, 'idle', '', NOW)
end

-- The contact went on without its agent, who wraps up (or is idle at once). c: as it was.
local function leaveBehind(c, a, wrapMs)
  if tonumber(wrapMs) <= 0 then
    endPromise(c, 'completed')
    return settleAgent(a, 'idle', '', NOW)
  end
  local ends = num(now + wrapMs)
  workEvent(a, 'wrapping', c, ',"wrapUntil":' .. ends)
  call('HSET', K.agent .. a.id, 'work', 'wrapping', 'workSince', NOW, 'wrapUntil', ends, 'part', 'after', 'partState', 'wrapping',
    'partQueue', c.queue, 'version', a.version)
  call('SET', K.reservation .. c.reservationId, '+' .. a.id)
  call('ZADD', K.deadlines, ends, 'wrap:' .. a.id)
end

--- @include "load"
-- Putting contacts into the waiting sets and agents into the free sets, and taking them out.

local function nextUnblock(c)
  local first
  for _, untilAt in pairs(cjson.decode(c.apart)) do
    if untilAt > 0 and (not first or untilAt < first) then first = untilAt end
  end
  return first
end

-- Sets the alarms of a waiting contact: next relaxation, end of a pair's time apart, end of the wait.
local function armContact(c)
  if c.active < c.total then call('ZADD', K.deadlines, num(c.enqueuedAt + c.plan[5 + 2 * c.active]), 'relax:' .. c.id) end
  if c.maxWait > 0 then call('ZADD', K.deadlines, num(c.maxWait), 'wait:' .. c.id) end
  local unblock = c.apart ~= '' and nextUnblock(c)
  if unblock then call('ZADD', K.deadlines, num(unblock), 'unblock:' .. c.id) end
end

local function listContact(c)
  for i = 1, c.active do call('ZADD', K.waitIn .. routeOf(c, i), c.score, c.id) end
  call('ZADD', K.queue .. c.queue, c.score, c.id)
  armContact(c)
end

local function unlistContact(c)
  for i = 1, c.active do call('ZREM', K.waitIn .. routeOf(c, i), c.id) end
  call('ZREM', K.queue .. c.queue, c.id)
  if c.maxWait > 0 or c.apart ~= '' then
    call('ZREM', K.deadlines, 'relax:' .. c.id, 'wait:' .. c.id, 'unblock:' .. c.id)
  elseif c.active < c.total then
    call('ZREM', K.deadlines, 'relax:' .. c.id)
  end
end

-- The contact is over: nothing of it stays but the journal.
local function forgetContact(c)
  if c.listed then unlistContact(usePlan(c)) end
  call('DEL', K.contact .. c.id)
  call('SREM', K.contacts, c.id)
end

local function listAgent(a)
  call('ZADD', K.free, a.idleSince, a.id)
  local routes = routesOf(a)
  for i = 1, #routes, 2 do call('ZADD', K.freeIn .. routes[i], num(routes[i + 1] + a.idleSince), a.id) end
end

local function unlistAgent(a)
  call('ZREM', K.free, a.id)
  local routes = routesOf(a)
  for i = 1, #routes, 2 do call('ZREM', K.freeIn .. routes[i], a.id) end
end

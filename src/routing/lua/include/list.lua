--- @include "load"
-- Putting contacts into the waiting sets and agents into the free sets, and taking them out.

local function nextUnblock(c)
  local first
  if c.apart ~= '' then
    for _, untilAt in pairs(cjson.decode(c.apart)) do
      if untilAt > 0 and (not first or untilAt < first) then first = untilAt end
    end
  end
  return first
end

-- Sets the alarms of a waiting contact: next relaxation, end of a pair's time apart, end of the wait.
local function armContact(c)
  local timers = {}
  local function at(time, member)
    timers[#timers + 1] = time
    timers[#timers + 1] = member .. c.id
  end
  if c.active < c.total then at(c.enqueuedAt + c.plan[5 + 2 * c.active], 'relax:') end
  if c.maxWait > 0 then at(c.maxWait, 'wait:') end
  local unblock = nextUnblock(c)
  if unblock then at(unblock, 'unblock:') end
  if #timers > 0 then call('ZADD', K.deadlines, unpack(timers)) end
end

local function listContact(c)
  for i = 1, c.active do call('ZADD', K.waitIn .. routeOf(c, i), c.score, c.id) end
  call('ZADD', K.queue .. c.queue, c.score, c.id)
  armContact(c)
end

local function unlistContact(c)
  for i = 1, c.active do call('ZREM', K.waitIn .. routeOf(c, i), c.id) end
  call('ZREM', K.queue .. c.queue, c.id)
  if c.active < c.total or c.maxWait > 0 or c.apart ~= '' then
    call('ZREM', K.deadlines, 'relax:' .. c.id, 'wait:' .. c.id, 'unblock:' .. c.id)
  end
end

local function listAgent(a)
  call('ZADD', K.free, a.idleSince, a.id)
  for i = 1, #a.routes, 2 do call('ZADD', K.freeIn .. a.routes[i], a.routes[i + 1] + a.idleSince, a.id) end
end

local function unlistAgent(a)
  call('ZREM', K.free, a.id)
  for i = 1, #a.routes, 2 do call('ZREM', K.freeIn .. a.routes[i], a.id) end
end

--- @include "client"
--- @include "fall"
--- @include "finish"
--- @include "leave"
-- Runs what is due, earliest first. Each alarm is checked against the present state: any instance may sweep, twice is harmless.
-- KEYS  1 prefix
-- ARGV  1 now, 2 most items
-- RESULT {reservations, done, next alarm or ''}
-- EVENT those of the transitions that were due; contact.relaxed
local due = {}

function due.ring(id)
  local v = call('GET', K.reservation .. id)
  if v and v:sub(1, 1) == '+' then
    local a = loadAgent(v:sub(2))
    local p = a and partOf(a)
    if p and p.reservationId == id and p.state == 'reserved' then dropPart(p, 'timed_out', 'no_answer') end
    return
  end
  local c = v and v:sub(1, 1) ~= '!' and loadContact(v)
  if c and c.state == 'reserved' then dropPromise(c, 'timed_out', 'no_answer') end
end

local function waiting(id)
  local c = loadContact(id)
  return c and c.state == 'queued' and usePlan(c)
end

-- A waiting contact whose routes or pairs apart changed takes an agent, or waits on with its next alarm.
local function tryAgain(c)
  c.changes = { 'active', c.active, 'apart', c.apart }
  local a, route = findAgent(c)
  if a then return reserve(c, a, route) end
  call('HSET', K.contact .. c.id, 'version', c.version, unpack(c.changes))
  armContact(c)
end

function due.relax(id)
  local c = waiting(id)
  if not c then return end
  local before = c.active
  c.active = countActive(c)
  for i = before + 1, c.active do
    contactEvent(c, 'relaxed', '{"queue":"' .. c.queue .. '","route":"' .. routeOf(c, i) .. '"}')
    call('ZADD', K.waitIn .. routeOf(c, i), c.score, c.id)
  end
  tryAgain(c)
end

function due.unblock(id)
  local c = waiting(id)
  if not c then return end
  renewApart(c)
  tryAgain(c)
end

function due.wait(id)
  local c = waiting(id)
  if c then leaveQueue(c, 'timed_out') end
end

function due.wrap(id)
  local a = loadAgent(id)
  if a and a.work == 'wrapping' then finishWrapUp(a, 'wrap_timeout') end
end

function due.client(id)
  local a, kept = loadAgent(id), call('HMGET', K.clients, 'at', 'grace', 'slack')
  if not a then return end
  -- While no instance says whose sockets it holds, it is we who are away, not the agents.
  if not kept[1] or now - kept[1] > tonumber(kept[3]) then
    return call('ZADD', K.deadlines, num(now + math.max(kept[2] or 0, 1000)), 'client:' .. id)
  end
  loseClient(a)
end

local done = 0
for _, member in ipairs(call('ZRANGEBYSCORE', K.deadlines, '-inf', NOW, 'LIMIT', 0, ARGV[2])) do
  -- an earlier item of this run may have moved or removed this one
  local at = call('ZSCORE', K.deadlines, member)
  if at and tonumber(at) <= now then
    local kind, id = member:match('^(%a+):(.*)$')
    call('ZREM', K.deadlines, member)
    due[kind](id)
    done = done + 1
  end
end
local coming = call('ZRANGE', K.deadlines, 0, 0, 'WITHSCORES')
return { made, done, coming[2] or '' }

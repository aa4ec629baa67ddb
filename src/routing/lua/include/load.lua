--- @include "base"
-- Reading contacts and agents into tables. Absent values are ''.

-- plan: [ringMs, rejectMs, endOfWait or 0, route, afterMs, route, afterMs, ...], fixed when the contact is queued;
-- the first `active` routes count. apart: JSON {agent: until (0: for ever)} or ''.
local function usePlan(c, plan)
  c.plan = cjson.decode(plan)
  c.ringMs, c.rejectMs, c.maxWait = c.plan[1], c.plan[2], c.plan[3]
  c.total = (#c.plan - 3) / 2
  return c
end

local function routeOf(c, i)
  return c.plan[2 + 2 * i]
end

-- How many routes count now, by the time since the contact first began to wait.
local function countActive(c)
  local elapsed, n = now - c.enqueuedAt, 0
  while n < c.total and c.plan[5 + 2 * n] <= elapsed do n = n + 1 end
  return n
end

local function loadContact(id)
  local v = call('HMGET', K.contact .. id, 'state', 'queue', 'enqueuedAt', 'score', 'plan', 'active', 'apart', 'attempts',
    'version', 'agentId', 'reservationId', 'token', 'promise', 'deadline', 'route', 'reservedAt', 'connectedAt', 'priority')
  if not v[1] then return nil end
  return usePlan({
    id = id, state = v[1], listed = v[1] == 'queued', queue = v[2], enqueuedAt = v[3], score = v[4],
    active = tonumber(v[6]), apart = v[7], attempts = v[8], version = v[9], agentId = v[10], reservationId = v[11],
    token = v[12], promise = v[13], deadline = v[14], route = v[15], reservedAt = v[16], connectedAt = v[17], priority = v[18],
  }, v[5])
end

-- routes: [route, score of its rank, route, score, ...]; raw: the same as text, for looking up one route fast.
local function useRoutes(a, raw)
  a.raw, a.routes = raw, cjson.decode(raw)
  return a
end

-- An agent that stands in the free sets: available, idle, device up.
local function loadFreeAgent(id)
  local v = call('HMGET', K.agent .. id, 'routes', 'version', 'idleSince')
  return useRoutes({ id = id, work = 'idle', listed = true, version = v[2], idleSince = v[3] }, v[1])
end

local function loadAgent(id)
  local v = call('HMGET', K.agent .. id, 'routes', 'version', 'idleSince', 'presence', 'breakReason', 'work', 'workReason',
    'device', 'nextPresence', 'nextBreakReason', 'removed', 'contactId', 'wrapUntil', 'configVersion')
  if not v[1] then return nil end
  return useRoutes({
    id = id, version = v[2], idleSince = v[3], presence = v[4], breakReason = v[5], work = v[6], workReason = v[7], device = v[8],
    next = v[9], nextReason = v[10], removed = v[11] == '1', contactId = v[12], wrapUntil = v[13], configVersion = tonumber(v[14]),
    listed = v[4] == 'available' and v[6] == 'idle' and v[8] == 'up',
  }, v[1])
end

-- The answer's copy of an agent, as field, value, ...
local function readAgent(id)
  return call('HGETALL', K.agent .. id)
end

--- @include "base"
-- Reading contacts and agents into tables. Absent values are ''. Fields of an earlier promise stay in the hashes until the
-- next one overwrites them: the state says which count (decode.ts knows too). A contact that was never promised has no
-- attempts, one with no pair apart no apart.

-- plan: [ringMs, rejectMs, endOfWait or 0, route, afterMs, route, afterMs, ...], fixed when the contact is queued;
-- the first `active` routes count. apart: JSON {agent: until (0: for ever)} or ''.
-- Decoded where it is needed only: usePlan(c) before anything that lists, unlists or matches the contact.
local function usePlan(c)
  c.plan = cjson.decode(c.rawPlan)
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
  local v = call('HMGET', K.contact .. id, 'state', 'version', 'queue', 'priority', 'enqueuedAt', 'score', 'plan', 'active',
    'apart', 'attempts', 'agentId', 'reservationId', 'token', 'promise', 'deadline', 'node')
  if not v[1] then return nil end
  return {
    id = id, state = v[1], listed = v[1] == 'queued', version = v[2], queue = v[3], priority = v[4], enqueuedAt = v[5],
    score = v[6], rawPlan = v[7], active = tonumber(v[8]), apart = v[9] or '', attempts = v[10] or '0', agentId = v[11], reservationId = v[12],
    token = v[13], promise = v[14], deadline = v[15], node = v[16] or '',
  }
end

-- A contact that stands in the waiting sets: what matching needs of it.
local function loadWaiting(id)
  local v = call('HMGET', K.contact .. id, 'version', 'queue', 'enqueuedAt', 'score', 'plan', 'active', 'apart', 'attempts', 'node')
  return usePlan({ id = id, state = 'queued', listed = true, version = v[1], queue = v[2], enqueuedAt = v[3], score = v[4],
    active = tonumber(v[6]), apart = v[7] or '', attempts = v[8] or '0', rawPlan = v[5], node = v[9] or '' })
end

-- A contact as far as its promise goes; for transitions after which it does not wait again.
local function loadPromised(id)
  local v = call('HMGET', K.contact .. id, 'state', 'version', 'queue', 'enqueuedAt', 'agentId', 'reservationId', 'token',
    'promise', 'connectedAt')
  if not v[1] then return nil end
  return { id = id, state = v[1], listed = false, version = v[2], queue = v[3], enqueuedAt = v[4], agentId = v[5],
    reservationId = v[6], token = v[7], promise = v[8], connectedAt = v[9] }
end

-- raw: JSON [route, score of its rank, ...]; routesOf decodes it when it is first needed.
local function routesOf(a)
  local routes = a.routes
  if not routes then
    routes = cjson.decode(a.raw)
    a.routes = routes
  end
  return routes
end

-- An agent that stands in the free sets: available, idle, device up.
local function loadFreeAgent(id)
  local v = call('HMGET', K.agent .. id, 'version', 'routes', 'deviceNodes')
  return { id = id, work = 'idle', listed = true, version = v[1], raw = v[2], nodes = v[3] or '' }
end

-- An agent whose work goes on.
local function loadWork(id)
  local v = call('HMGET', K.agent .. id, 'version', 'work')
  return { id = id, version = v[1], work = v[2] }
end

local function loadAgent(id)
  local v = call('HMGET', K.agent .. id, 'version', 'work', 'presence', 'breakReason', 'device', 'idleSince', 'nextPresence',
    'nextBreakReason', 'removed', 'routes', 'deviceNodes', 'nextBy')
  if not v[1] then return nil end
  return {
    id = id, version = v[1], work = v[2], presence = v[3], breakReason = v[4], device = v[5], idleSince = v[6], next = v[7],
    nextReason = v[8], removed = v[9] == '1', raw = v[10], listed = v[3] == 'available' and v[2] == 'idle' and v[5] == 'up',
    nodes = v[11] or '', nextBy = v[12] or '',
  }
end

-- Where the agent's phone came up last; '' when nobody said where. nodes: PBX nodes at which it is up, newest first.
local function homeOf(nodes)
  return nodes:match('^%S+') or ''
end

-- The answer's copy of an agent, as field, value, ...
local function readAgent(id)
  return call('HGETALL', K.agent .. id)
end

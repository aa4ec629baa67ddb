--- @include "match"
--- @include "reserve"
--- @include "promise"
-- A promise fell through before the two talked.

-- Drops pairs whose time apart is over and optionally adds one; ends of 0 are for ever. Returns true if it changed.
local function renewApart(c, agentId, untilAt)
  if c.apart == '' and not agentId then return false end
  local pairsApart, changed = c.apart == '' and {} or cjson.decode(c.apart), false
  for id, ends in pairs(pairsApart) do
    if ends > 0 and ends <= now then
      pairsApart[id] = nil
      changed = true
    end
  end
  if agentId and pairsApart[agentId] ~= 0 then pairsApart[agentId] = untilAt end
  c.apart = next(pairsApart) and cjson.encode(pairsApart) or ''
  return changed or agentId ~= nil
end

-- The contact takes its old place again (score and enqueuedAt never change), or a free agent at once.
local function requeueContact(c)
  c.attempts = num(c.attempts + 1)
  c.active = countActive(c)
  local position = call('ZCOUNT', K.queue .. c.queue, '-inf', '(' .. c.score)
  contactEvent(c, 'queued', '{"queue":"' .. c.queue .. '","priority":' .. c.priority .. ',"enqueuedAt":' .. c.enqueuedAt
    .. ',"attempts":' .. c.attempts .. ',"position":' .. position .. '}')
  c.state = 'queued'
  c.changes = { 'active', c.active, 'apart', c.apart, 'attempts', c.attempts }
  local a, route = findAgent(c)
  if a then return reserve(c, a, route) end
  c.listed = true
  call('HSET', K.contact .. c.id, 'state', 'queued', 'version', c.version, unpack(c.changes))
  listContact(c)
end

-- Ends the promise as `state`, keeps the pair apart (at most apartMs, else for the contact's rejectMs), sends the contact back.
local function fallThrough(c, state, more, apartMs)
  usePlan(c)
  endPromise(c, state, more)
  renewApart(c, c.agentId, now + math.min(c.rejectMs, apartMs or c.rejectMs))
  requeueContact(c)
end

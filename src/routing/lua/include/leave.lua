--- @include "list"
--- @include "promise"
--- @include "settle"
-- A contact that has no agent yet ends. A promise made for it is cancelled and the agent keeps its old idle time.
-- Returns ms waited.
local function leaveQueue(c, reason)
  local a = c.state == 'reserved' and loadAgent(c.agentId)
  local waited = num(math.max(now - c.enqueuedAt, 0))
  if a then endPromise(c, 'cancelled', ',"reason":' .. quote(reason)) end
  contactEvent(c, 'abandoned', '{"queue":"' .. c.queue .. '","waitedMs":' .. waited .. ',"enqueuedAt":' .. c.enqueuedAt
    .. ',"reason":' .. quote(reason) .. '}')
  forgetContact(c)
  if a then settleAgent(a, 'idle', '', a.idleSince) end
  return waited
end

--- @include "list"
--- @include "part"
--- @include "promise"
--- @include "settle"
-- The work under a promise is finished. how: finished, wrap_timeout, no_wrap.
local function finishWork(c, a, how)
  endPromise(c, 'completed')
  contactEvent(c, 'completed', '{"agentId":"' .. c.agentId .. '","queue":"' .. c.queue .. '","how":"' .. how .. '"}')
  forgetContact(c)
  settleAgent(a, 'idle', '', NOW)
end

-- The agent's wrap-up is over; the contact with it, unless that went on to somebody else.
local function finishWrapUp(a, how)
  local p = partOf(a)
  if p then return finishPart(p) end
  finishWork(loadPromised(call('HGET', K.agent .. a.id, 'contactId')), a, how)
end

--- @include "list"
--- @include "promise"
--- @include "settle"
-- The work under a promise is finished. how: finished, wrap_timeout, no_wrap.
local function finishWork(c, a, how)
  endPromise(c, 'completed')
  contactEvent(c, 'completed', '{"agentId":"' .. c.agentId .. '","queue":"' .. c.queue .. '","how":"' .. how .. '"}')
  forgetContact(c)
  settleAgent(a, 'idle', '', NOW)
end

--- @include "requeue"
--- @include "settle"
-- A promise falls through because the agent's side did not answer: the contact goes back, the agent gets no more offers
-- until it says so. reason: no_answer, a device failure, or the system's reason.
local function dropPromise(c, state, reason, more)
  local a = loadAgent(c.agentId)
  fallThrough(c, state, more)
  settleAgent(a, 'not_responding', reason)
end

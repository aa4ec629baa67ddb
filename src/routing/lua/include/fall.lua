--- @include "requeue"
--- @include "settle"
-- A promise falls through because the agent's side did not answer: the contact goes back, the agent gets no more offers
-- until it says so. reason: no_answer, a device failure, or the system's reason. pbx_away: the caller's node could not be asked to ring, for
-- which no agent can be blamed.
-- A node is back soon or its callers are lost: long enough not to go round in circles meanwhile (ms).
local PBX_AWAY_APART = 5000
local function dropPromise(c, state, reason, more)
  local a = loadAgent(c.agentId)
  fallThrough(c, state, more, reason == 'pbx_away' and PBX_AWAY_APART or nil)
  if reason == 'pbx_away' then return settleAgent(a, 'idle', '', a.idleSince) end
  settleAgent(a, 'not_responding', reason)
end

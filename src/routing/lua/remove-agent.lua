--- @include "settle"
-- An agent is no longer in the centre: gone at once, or when its present work ends.
-- KEYS  1 prefix
-- ARGV  1 now, 2 agent
-- RESULT {}
-- EVENT [agent.presence_changed]
local a = loadAgent(ARGV[2])
if not a then return {} end
if a.work ~= 'idle' and a.work ~= 'not_responding' then
  call('HSET', K.agent .. a.id, 'removed', '1', 'routes', '[]')
  return {}
end
if a.listed then unlistAgent(a) end
forgetAgent(a)
return {}

--- @include "emit"
--- @include "load"
-- The agent of a talk has put its caller aside for whoever picks the call up; that it is picked up, or moved on, ends it.
-- KEYS  1 prefix
-- ARGV  1 now, 2 contact
-- RESULT {} or 1 not found, 3 wrong state
-- EVENT contact.parked
local c = loadPromised(ARGV[2])
if not c then return 1 end
if c.state ~= 'connected' then return 3 end
local parkedAt = call('HGET', K.contact .. c.id, 'parkedAt')
if parkedAt and parkedAt ~= '' then return {} end
contactEvent(c, 'parked', '{"agentId":"' .. c.agentId .. '","queue":"' .. c.queue .. '","parkedAt":' .. NOW .. '}')
call('HSET', K.contact .. c.id, 'parkedAt', NOW, 'version', c.version)
return {}

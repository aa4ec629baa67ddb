--- @include "emit"
--- @include "load"
-- Puts a talking caller on hold or takes it off; off hold, it is not parked either.
-- KEYS  1 prefix
-- ARGV  1 now, 2 contact, 3 hold | resume
-- RESULT {} or 1 not found, 3 wrong state
-- EVENT contact.held | contact.resumed, agent.work_changed
local c = loadPromised(ARGV[2])
if not c then return 1 end
if c.state ~= 'connected' then return 3 end
local a = loadWork(c.agentId)
local holds = ARGV[3] == 'hold'
local work = holds and 'holding' or 'talking'
if a.work == work then return {} end
contactEvent(c, holds and 'held' or 'resumed', '{"agentId":"' .. a.id .. '","queue":"' .. c.queue .. '"}')
workEvent(a, work, c)
call('HSET', K.contact .. c.id, 'version', c.version)
if not holds then call('HSET', K.contact .. c.id, 'parkedAt', '') end
call('HSET', K.agent .. a.id, 'work', work, 'workSince', NOW, 'version', a.version)
return {}

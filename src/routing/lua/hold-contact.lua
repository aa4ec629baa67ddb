--- @include "emit"
--- @include "load"
-- Puts a talking caller on hold or takes it off.
-- KEYS  1 prefix
-- ARGV  1 now, 2 contact, 3 hold | resume
-- RESULT {} or 1 not found, 3 wrong state
-- EVENT contact.held | contact.resumed, agent.work_changed
local c = loadPromised(ARGV[2])
if not c then return 1 end
if c.state ~= 'connected' then return 3 end
local a = loadWork(c.agentId)
local work = ARGV[3] == 'hold' and 'holding' or 'talking'
if a.work == work then return {} end
contactEvent(c, ARGV[3] == 'hold' and 'held' or 'resumed', '{"agentId":"' .. a.id .. '"}')
workEvent(a, work, c)
call('HSET', K.contact .. c.id, 'version', c.version)
call('HSET', K.agent .. a.id, 'work', work, 'workSince', NOW, 'version', a.version)
return {}

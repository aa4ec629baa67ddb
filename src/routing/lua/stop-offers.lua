--- @include "emit"
--- @include "list"
-- An agent whose phone did not answer, as it was before Redis lost it: no offers until it says something. A busy one stays as it is.
-- KEYS  1 prefix
-- ARGV  1 now, 2 agent, 3 reason
-- RESULT {} or 4 not found, 5 busy
-- EVENT [agent.work_changed]
local a = loadAgent(ARGV[2])
if not a then return 4 end
if a.work == 'not_responding' then return {} end
if a.work ~= 'idle' then return 5 end
if a.listed then unlistAgent(a) end
workEvent(a, 'not_responding', nil, ',"reason":' .. quote(ARGV[3]))
call('HSET', K.agent .. a.id, 'work', 'not_responding', 'workReason', ARGV[3], 'workSince', NOW, 'idleSince', '', 'version', a.version)
return {}

--- @include "part"
--- @include "promise"
-- The agent's device rings.
-- KEYS  1 prefix
-- ARGV  1 now, 2 reservation, 3 token
-- RESULT {} or 3 wrong state, 6 not found, 7 stale, 8 expired
-- EVENT agent.work_changed
local p, wrong = loadPart(ARGV[2], ARGV[3], '')
if wrong then return wrong end
local c, code = p, nil
if not p then c, code = loadPromise(ARGV[2], ARGV[3], '', loadPromised) end
if not c then return code end
if c.state ~= 'reserved' then return 3 end
local a = loadWork(c.agentId)
if a.work == 'reserved' then
  workEvent(a, 'ringing', c)
  call('HSET', K.agent .. a.id, 'work', 'ringing', 'workSince', NOW, 'version', a.version)
end
return {}

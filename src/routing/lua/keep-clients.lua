--- @include "client"
-- An instance says which agents have an event socket with it; their grace begins anew. Who came back while busy stays available.
-- KEYS  1 prefix
-- ARGV  1 now, 2 grace ms, 3 slack ms (for what is between two sayings), 4.. agents
-- RESULT {}
local grace, slack = tonumber(ARGV[2]), tonumber(ARGV[3])
local kept = tonumber(call('HGET', K.clients, 'at') or NOW)
call('HSET', K.clients, 'at', num(math.max(now, kept)), 'grace', ARGV[2], 'slack', ARGV[3])
local ends = num(now + grace + slack)

local function keep(id)
  call('ZADD', K.deadlines, 'GT', ends, 'client:' .. id)
end

-- No instance was there for sockets to come back to: everybody's grace runs from now.
if now - kept > slack then
  for _, id in ipairs(call('SMEMBERS', K.agents)) do
    if call('ZSCORE', K.deadlines, 'client:' .. id) then keep(id) end
  end
end
for i = 4, #ARGV do
  local a = loadAgent(ARGV[i])
  if a then
    keep(a.id)
    if a.next == 'offline' and a.nextReason == 'client_lost' then
      planPresence(a, a.presence == 'available' and '' or 'available', '')
    end
  end
end
return {}

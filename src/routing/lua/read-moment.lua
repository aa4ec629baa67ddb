--- @include "load"
-- Everything of the centre at one moment, or a part of it.
-- KEYS  1 prefix
-- ARGV  1 now (unused), 2 what: agents, contacts, queues or all, 3.. queues
-- RESULT {epoch, seq, agents, contacts, {queue, waiting, oldest, free ...}}; agents and contacts as field, value, ...
local what = ARGV[2]
local agents, contacts, queues = {}, {}, {}

local function readAll(setKey, hashKey, into)
  local ids = call('SMEMBERS', setKey)
  for _, id in ipairs(ids) do
    local fields = call('HGETALL', hashKey .. id)
    -- an id whose hash is lost is nobody
    if fields[1] then
      fields[#fields + 1] = 'id'
      fields[#fields + 1] = id
      into[#into + 1] = fields
    end
  end
end

if what == 'agents' or what == 'all' then readAll(K.agents, K.agent, agents) end
if what == 'contacts' or what == 'all' then readAll(K.contacts, K.contact, contacts) end
if what == 'queues' or what == 'all' then
  local served = {}
  if #ARGV > 2 then
    for _, id in ipairs(call('ZRANGE', K.free, 0, -1)) do served[#served + 1] = call('HGET', K.agent .. id, 'routes') end
  end
  for i = 3, #ARGV do
    local queue, oldest, free = ARGV[i], '', 0
    local ids = call('ZRANGE', K.queue .. queue, 0, -1)
    for _, id in ipairs(ids) do
      local since = call('HGET', K.contact .. id, 'enqueuedAt')
      if oldest == '' or tonumber(since) < tonumber(oldest) then oldest = since end
    end
    for _, routes in ipairs(served) do
      if find(routes, '"' .. queue .. '/', 1, true) then free = free + 1 end
    end
    queues[#queues + 1] = { queue, #ids, oldest, free }
  end
end
return { call('GET', K.epoch) or '', call('GET', K.seq) or '0', agents, contacts, queues }

--- @include "emit"
-- Which of an agent's clients is the active one: the one that takes the agent's commands. It stays so while somebody keeps it; when it
-- is gone, the next one that may have it gets it. Says nothing about who gets work.
-- A client that left stands there as `~<client>` for half a life: its page may only be loaded again, and until then only who says hello
-- may have its place, not who looks on.
-- KEYS  1 prefix
-- ARGV  1 now, 2 life ms without being kept, 3.. agent, client, greet | keep | watch | take | leave
--       greet: is it, or becomes it when nobody is or it has left; keep: is it, or becomes it when nobody is; watch: only asks;
--       take: becomes it in any case; leave: is it no longer
-- RESULT {seq of the journal, active client of each agent or ''}
-- EVENT [agent.client_changed ...]
local result = { '0' }

for i = 3, #ARGV, 3 do
  local id, client, how = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  local key = K.activeClient .. id
  local active = call('GET', key)
  local left = active and active:sub(1, 1) == '~'
  if left then active = active:sub(2) end
  if how == 'leave' then
    if active == client and not left then call('SET', key, '~' .. client, 'PX', math.ceil(ARGV[2] / 2)) end
  elseif active == client and how ~= 'watch' then
    call('SET', key, client, 'PX', ARGV[2])
  elseif how == 'take' or (left and how == 'greet') or (not active and (how == 'keep' or how == 'greet')) then
    call('SET', key, client, 'PX', ARGV[2])
    emit('agent.client_changed', 'agent:' .. id, '', call('HGET', K.agent .. id, 'version') or '0',
      '{"agentId":"' .. id .. '","client":"' .. client .. '","why":"' .. (active and not left and 'taken_over' or 'free') .. '"}')
    active = client
  end
  result[#result + 1] = active or ''
end
result[1] = call('GET', K.seq) or '0'
return result

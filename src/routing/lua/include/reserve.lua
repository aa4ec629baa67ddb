--- @include "emit"
--- @include "list"
-- Promises: both leave their sets, the fencing token is the number of the event reservation.created (so it rises for ever), the
-- deadline is set.

-- Tells of a new promise c (id, queue, enqueuedAt, attempts; gets reservationId, token, agentId) of an agent, and writes its pop when
-- there is one (c.pop: JSON members). more: further JSON members. Returns deadline and the phone's node.
local function announce(c, a, route, ringMs, more)
  local token = num(call('INCR', seqKey))
  local id = 'r' .. NOW .. '-' .. token
  local deadline = num(now + ringMs)
  local at = homeOf(a.nodes)
  c.agentId, c.reservationId, c.token = a.id, id, token
  append(token, 'reservation.created', 'reservation:' .. id, c.id, 1, '{"reservationId":"' .. id
    .. '","agentId":"' .. a.id .. '","queue":"' .. c.queue .. '","token":' .. token .. ',"route":"' .. route .. '","createdAt":'
    .. NOW .. ',"deadline":' .. deadline .. ',"enqueuedAt":' .. c.enqueuedAt .. ',"attempts":' .. c.attempts .. (at ~= '' and ',"node":"' .. at .. '"' or '')
    .. (c.pop and ',"popped":true' or '') .. (more or '') .. '}')
  workEvent(a, 'reserved', c)
  if c.pop then
    emit('screenpop.created', 'reservation:' .. id, c.id, 1, promiseData(c, ',"pop":{"reservationId":"' .. id .. '","token":' .. token
      .. ',"agentId":"' .. a.id .. '","deadline":' .. deadline .. ',' .. c.pop))
  end
  call('ZADD', K.deadlines, deadline, 'ring:' .. id)
  made[#made + 1] = { id, c.id, a.id, c.queue, route, token, NOW, deadline, at, c.pop and 1 }
  return deadline, at
end

-- Promises a contact to a free agent.
-- c.changes, a.changes: further fields to be written along (all of a contact that is not stored yet).
local function reserve(c, a, route)
  if c.listed then unlistContact(c) end
  if a.listed then unlistAgent(a) end
  c.listed, a.listed = false, false
  c.version = num(c.version + 1)
  local deadline, at = announce(c, a, route, c.ringMs)
  call('HSET', K.contact .. c.id, 'state', 'reserved', 'agentId', a.id, 'reservationId', c.reservationId, 'token', c.token,
    'promise', 'pending', 'deadline', deadline, 'route', route, 'deviceNode', at, 'version', c.version, unpack(c.changes or {}))
  call('HSET', K.agent .. a.id, 'work', 'reserved', 'workSince', NOW, 'contactId', c.id, 'reservationId', c.reservationId, 'token', c.token,
    'contactNode', c.node, 'deadline', deadline, 'part', '', 'version', a.version, unpack(a.changes or {}))
  call('SET', K.reservation .. c.reservationId, c.id)
end

--- @include "emit"
--- @include "list"
-- Promises a contact to a free agent: both leave their sets, the fencing token is the number of the event
-- reservation.created (so it rises for ever), the deadline is set.
-- c.changes, a.changes: further fields to be written along (all of a contact that is not stored yet).
-- c.pop: JSON members of the screen pop, to be written right behind the promise.
local function reserve(c, a, route)
  if c.listed then unlistContact(c) end
  if a.listed then unlistAgent(a) end
  local token = num(call('INCR', seqKey))
  local id = 'r' .. NOW .. '-' .. token
  local deadline = num(now + c.ringMs)
  local at = homeOf(a.nodes)
  c.listed, a.listed = false, false
  c.agentId, c.reservationId, c.token = a.id, id, token
  c.version = num(c.version + 1)
  append(token, 'reservation.created', 'reservation:' .. id, c.id, 1, '{"reservationId":"' .. id
    .. '","agentId":"' .. a.id .. '","queue":"' .. c.queue .. '","token":' .. token .. ',"route":"' .. route .. '","createdAt":'
    .. NOW .. ',"deadline":' .. deadline .. ',"enqueuedAt":' .. c.enqueuedAt .. ',"attempts":' .. c.attempts .. (at ~= '' and ',"node":"' .. at .. '"' or '')
    .. (c.pop and ',"popped":true}' or '}'))
  workEvent(a, 'reserved', c)
  if c.pop then
    emit('screenpop.created', 'reservation:' .. id, c.id, 1, promiseData(c, ',"pop":{"reservationId":"' .. id .. '","token":' .. token
      .. ',"agentId":"' .. a.id .. '","deadline":' .. deadline .. ',' .. c.pop))
  end
  call('HSET', K.contact .. c.id, 'state', 'reserved', 'agentId', a.id, 'reservationId', id, 'token', token,
    'promise', 'pending', 'deadline', deadline, 'route', route, 'deviceNode', at, 'version', c.version, unpack(c.changes or {}))
  call('HSET', K.agent .. a.id, 'work', 'reserved', 'workSince', NOW, 'contactId', c.id, 'reservationId', id, 'token', token,
    'contactNode', c.node, 'deadline', deadline, 'version', a.version, unpack(a.changes or {}))
  call('SET', K.reservation .. id, c.id)
  call('ZADD', K.deadlines, deadline, 'ring:' .. id)
  made[#made + 1] = { id, c.id, a.id, c.queue, route, token, NOW, deadline, at, c.pop and 1 }
end

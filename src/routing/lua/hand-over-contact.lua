--- @include "part"
-- The contact becomes the agent's who was drawn in; the one who had it wraps up.
-- KEYS  1 prefix
-- ARGV  1 now, 2 contact, 3 reservation of the part, 4 its token, 5 wrapMs of who had it, 6 kind of the transfer
-- RESULT {reservations} or 1 not found, 3 wrong state, 6 no such part, 7 stale
-- EVENT contact.transferred, agent.work_changed | reservation.completed, agent.* [reservation.created ...]
local c = loadPromised(ARGV[2])
if not c then return 1 end
if c.state ~= 'connected' then return 3 end
if c.reservationId == ARGV[3] and c.token == ARGV[4] then return { made } end
local p, code = loadPart(ARGV[3], ARGV[4], '')
if not p then return code or 6 end
if p.id ~= c.id or p.a.work ~= 'talking' then return 3 end
contactEvent(c, 'transferred', '{"agentId":"' .. c.agentId .. '","kind":"' .. ARGV[6] .. '","queue":"' .. c.queue .. '","reservationId":"'
  .. c.reservationId .. '","toAgent":"' .. p.agentId .. '","toReservation":"' .. p.reservationId .. '"}')
call('HSET', K.contact .. c.id, 'agentId', p.agentId, 'reservationId', p.reservationId, 'token', p.token, 'promise', 'accepted',
  'deviceNode', homeOf(p.a.nodes), 'parkedAt', '', 'version', c.version)
call('SET', K.reservation .. p.reservationId, c.id)
call('HSET', K.agent .. p.agentId, 'part', '')
if p.part == 'supervision' then
  -- So far nobody was told whose contact it was.
  p.part = nil
  workEvent(p.a, 'talking', p)
  call('HSET', K.agent .. p.agentId, 'workSince', NOW, 'version', p.a.version)
end
leaveBehind(c, loadAgent(c.agentId), ARGV[5])
return { made }

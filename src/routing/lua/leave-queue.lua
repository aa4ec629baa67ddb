--- @include "leave"
-- The caller left, or the server ends the wait.
-- KEYS  1 prefix
-- ARGV  1 now, 2 contact, 3 reason
-- RESULT {reservations, state it was in, ms waited} or 1 not found, 3 wrong state (it has an agent)
-- EVENT contact.abandoned [reservation.cancelled, agent.*, reservation.created]
local c = loadContact(ARGV[2])
if not c then return 1 end
if c.state ~= 'queued' and c.state ~= 'reserved' then return 3 end
local state = c.state
local waited = leaveQueue(c, ARGV[3])
return { made, state, waited }

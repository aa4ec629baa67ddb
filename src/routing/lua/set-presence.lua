--- @include "settle"
-- What the agent chose, or somebody else for the agent. While busy it is kept for when the work ends; saying anything clears not_responding.
-- KEYS  1 prefix
-- ARGV  1 now, 2 agent, 3 presence, 4 break reason or '', 5 version seen or '', 6 who else chose it or ''
-- RESULT {reservations, agent} or 4 not found, 11 version mismatch
-- EVENT [agent.presence_changed] [agent.work_changed] [reservation.created ...]
local presence, reason, by = ARGV[3], ARGV[4], ARGV[6]
local a = loadAgent(ARGV[2])
if not a then return 4 end
if ARGV[5] ~= '' and ARGV[5] ~= a.version then return 11 end
local key = K.agent .. a.id
local same = presence == a.presence and reason == a.breakReason
if a.work == 'not_responding' then
  a.next, a.nextReason, a.nextBy = presence, reason, by
  settleAgent(a, 'idle', '', NOW)
elseif a.work ~= 'idle' then
  local plan, planReason = same and '' or presence, same and '' or reason
  if plan ~= a.next or planReason ~= a.nextReason then
    call('HSET', key, 'nextPresence', plan, 'nextBreakReason', planReason, 'nextBy', by, 'version', a.version + 1)
  end
elseif not same then
  if a.listed then unlistAgent(a) end
  a.changes, a.listed, a.by = {}, false, by
  changePresence(a, presence, reason)
  call('HSET', key, 'version', a.version, 'idleSince', a.idleSince, unpack(a.changes))
  offer(a)
end
return { made, readAgent(ARGV[2]) }

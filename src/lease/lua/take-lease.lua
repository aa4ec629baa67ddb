#!lua flags=allow-oom
-- Takes a free lease or renews one's own. A full Redis carries it out all the same: it takes no more room, and calls need an owner.
-- KEYS: 1 the lease ('<token> <owner>', expires), 2 the newest fencing token
-- ARGV: 1 who asks, 2 ms, 3 token of the term that goes on, or '', 4 newest token that the asker has ever heard of, or '',
--       5 Redis's time (ms) after which a new term is not wanted any more, or ''
-- Result: {token, owner, newest token, Redis's time in ms}; token '' when it is another's, owner '' when it was asked too late
-- A Redis that stood still finds the questions of all at once: a standby's must not come before the owner's.
-- A term that goes on keeps its token as long as nobody had the lease in between. A new token is larger than any before, also after Redis
-- was emptied, or a replica that had not heard of the newest one became the primary: it is never behind the clock nor behind what
-- the asker knows.
local held = redis.call('GET', KEYS[1])
local token, owner = (held or ''):match('^(%d+) (.*)$')
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local said = string.format('%.0f', now)
if owner and owner ~= ARGV[1] then return { '', owner, token, said } end
if ARGV[3] == '' and ARGV[5] ~= '' and now > tonumber(ARGV[5]) then return { '', '', '', said } end
local last = redis.call('GET', KEYS[2])
token = ARGV[3]
if token == '' or (last and last ~= token) then
  local known = math.max(tonumber(last or '0'), tonumber(ARGV[4]) or 0)
  token = string.format('%.0f', math.max(known + 1, now))
end
redis.call('SET', KEYS[2], token)
redis.call('SET', KEYS[1], token .. ' ' .. ARGV[1], 'PX', ARGV[2])
return { token, ARGV[1], token, said }

#!lua
-- append-event: writes one event that is not part of a routing transition.
-- KEYS: 1 seq, 2 journal, 3 epoch, 4 newest fencing token (only in the name of a PBX node's owner)
-- ARGV: 1 type, 2 time (epoch ms), 3 subject, 4 contactId or '', 5 version, 6 data (JSON), 7 epoch to begin with, 8 the writer's fencing token
-- Result: {epoch, seq}; {'', 0} when another owns the node by now: nothing was written
-- After Redis was emptied the first writer begins a new epoch; readers see it change and start over.
local newest = KEYS[4] and redis.call('GET', KEYS[4])
if newest and newest ~= ARGV[8] then return { '', 0 } end
redis.call('SET', KEYS[3], ARGV[7], 'NX')
local seq = redis.call('INCR', KEYS[1])
redis.call('XADD', KEYS[2], string.format('%.0f-0', seq), 'type', ARGV[1], 'time', ARGV[2], 'subject', ARGV[3],
  'contactId', ARGV[4], 'version', ARGV[5], 'data', ARGV[6])
return { redis.call('GET', KEYS[3]), seq }

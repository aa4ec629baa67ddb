#!lua flags=allow-oom
-- Gives one's own lease up, so that another need not wait for its end.
-- KEYS: 1 the lease; ARGV: 1 '<token> <owner>' as it was taken
-- Result: 1 given up, 0 it was another's already
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])

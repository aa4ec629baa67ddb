-- What every script starts with. KEYS[1] is the centre's key prefix: it carries the hash slot, and every key is made
-- from it (K.<part> is replaced by the loader with P .. '<name>'; the names live in platform/keys.ts only).
-- ARGV[1] is the time, epoch ms. Whole numbers that go into strings or to Redis pass num() first: Lua itself would write
-- them by way of floating point, which is slow and turns big ones into 1.7e+12.
local P, NOW, call = KEYS[1], ARGV[1], redis.call
local find, format = string.find, string.format
local now = tonumber(NOW)
-- reservations made by this run, for the answer
local made = {}
-- In the name of a PBX node's owner: KEYS[2] holds the newest fencing token, the last ARGV is the caller's. An older one changes nothing.
-- Absent (Redis was emptied): nobody has taken the node over yet.
local newest = KEYS[2] and call('GET', KEYS[2])
if newest and newest ~= ARGV[#ARGV] then return 14 end

local function num(x)
  return format('%d', x)
end

-- A string as JSON, for text that is not one of our checked ids.
local function quote(text)
  return cjson.encode(text)
end

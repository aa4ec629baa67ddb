--- @include "load"
-- Who fits: both walks read heads only; cost grows with the routes of one agent or contact and with the pairs kept apart.
local PAGE = 16

local function isApart(c, agentId)
  return c.apart ~= '' and find(c.apart, '"' .. agentId .. '":', 1, true) ~= nil
end

local function serves(a, route)
  return find(a.raw, '"' .. route .. '"', 1, true) ~= nil
end

-- A personal route counts only for an agent that could serve the contact in some general route too (or if there is none).
local function servesPersonally(a, c)
  for i = 2, c.total do
    if serves(a, routeOf(c, i)) then return true end
  end
  return c.total == 1
end

-- The first of the contact's active routes that the agent serves, or nil.
local function commonRoute(c, a)
  for i = 1, c.active do
    local route = routeOf(c, i)
    if serves(a, route) or (route == '@' .. a.id and servesPersonally(a, c)) then return route end
  end
end

-- The best free agent for a contact and the route: fewest relaxations, then highest rank, longest idle, id.
local function findAgent(c)
  for i = 1, c.active do
    local route = routeOf(c, i)
    if find(route, '@', 1, true) == 1 then
      local id = route:sub(2)
      if not isApart(c, id) and call('ZSCORE', K.free, id) then
        local a = loadFreeAgent(id)
        if servesPersonally(a, c) then return a, route end
      end
    else
      local from, size = 0, 1
      while true do
        local ids = call('ZRANGE', K.freeIn .. route, from, from + size - 1)
        for _, id in ipairs(ids) do
          if not isApart(c, id) then return loadFreeAgent(id), route end
        end
        if #ids < size then break end
        from, size = from + size, PAGE
      end
    end
  end
end

-- Redis orders equal scores by bytes; Lua's < would follow the locale.
local function bytesBefore(x, y)
  for i = 1, math.min(#x, #y) do
    local p, q = x:byte(i), y:byte(i)
    if p ~= q then return p < q end
  end
  return #x < #y
end

local function fetch(cursor, size)
  cursor.page = call('ZRANGE', cursor.key, cursor.from, cursor.from + size - 1, 'WITHSCORES')
  cursor.from, cursor.at = cursor.from + size, 1
  cursor.id, cursor.score = cursor.page[1], tonumber(cursor.page[2])
  return cursor.id
end

local function advance(cursor)
  cursor.at = cursor.at + 2
  cursor.id, cursor.score = cursor.page[cursor.at], tonumber(cursor.page[cursor.at + 1])
  return cursor.id or fetch(cursor, PAGE)
end

-- The waiting contact that a free agent takes and the route: lowest score over all the agent's routes, ties by id.
local function findContact(a)
  local heads = {}
  local function open(route)
    local cursor = { key = K.waitIn .. route, from = 0 }
    if fetch(cursor, 1) then heads[#heads + 1] = cursor end
  end
  for i = 1, #a.routes, 2 do open(a.routes[i]) end
  open('@' .. a.id)
  while #heads > 0 do
    local best = heads[1]
    for i = 2, #heads do
      local h = heads[i]
      if h.score < best.score or (h.score == best.score and h.id ~= best.id and bytesBefore(h.id, best.id)) then best = h end
    end
    local id = best.id
    local c = loadContact(id)
    local route = not isApart(c, a.id) and commonRoute(c, a)
    if route then return c, route end
    for i = #heads, 1, -1 do
      if heads[i].id == id and not advance(heads[i]) then table.remove(heads, i) end
    end
  end
end

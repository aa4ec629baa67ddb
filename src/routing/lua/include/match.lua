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
      local key, from = K.freeIn .. route, 1
      local ids = call('ZRANGE', key, '0', '0')
      while ids[1] do
        for _, id in ipairs(ids) do
          if not isApart(c, id) then return loadFreeAgent(id), route end
        end
        ids = call('ZRANGE', key, from, from + PAGE - 1)
        from = from + PAGE
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

-- A cursor stands at one contact of one route: the head alone first, as it is nearly always taken, then by pages.
local function open(heads, route)
  local key = K.waitIn .. route
  local page = call('ZRANGE', key, '0', '0', 'WITHSCORES')
  if page[1] then heads[#heads + 1] = { key = key, page = page, from = 1, at = 1, id = page[1], score = tonumber(page[2]) } end
end

local function fetch(cursor)
  cursor.page = call('ZRANGE', cursor.key, cursor.from, cursor.from + PAGE - 1, 'WITHSCORES')
  cursor.from, cursor.at = cursor.from + PAGE, 1
  cursor.id, cursor.score = cursor.page[1], tonumber(cursor.page[2])
  return cursor.id
end

local function advance(cursor)
  cursor.at = cursor.at + 2
  cursor.id, cursor.score = cursor.page[cursor.at], tonumber(cursor.page[cursor.at + 1])
  return cursor.id or fetch(cursor)
end

-- The waiting contact that a free agent takes and the route: lowest score over all the agent's routes, ties by id.
local function findContact(a)
  local heads, routes = {}, routesOf(a)
  for i = 1, #routes, 2 do open(heads, routes[i]) end
  open(heads, '@' .. a.id)
  while #heads > 0 do
    local best = heads[1]
    for i = 2, #heads do
      local h = heads[i]
      if h.score < best.score or (h.score == best.score and h.id ~= best.id and bytesBefore(h.id, best.id)) then best = h end
    end
    local id = best.id
    local c = loadWaiting(id)
    local route = not isApart(c, a.id) and commonRoute(c, a)
    if route then return c, route end
    for i = #heads, 1, -1 do
      if heads[i].id == id and not advance(heads[i]) then table.remove(heads, i) end
    end
  end
end

--- @include "base"
-- The journal: stream ids are `<seq>-0`, seq rises by one with every event of the epoch. Nothing is trimmed here.
-- data is a JSON object as text; ids in it are checked by the caller of the script, other text goes through quote().

local journal, seqKey = K.journal, K.seq

-- Appends an event under a number that was taken before (a reservation's number is its fencing token).
-- time: when it happened, if that was earlier than this run.
local function append(seq, kind, subject, contactId, version, data, time)
  call('XADD', journal, seq .. '-0', 'type', kind, 'time', time or NOW, 'subject', subject,
    'contactId', contactId, 'version', version, 'data', data)
end

local function emit(kind, subject, contactId, version, data)
  append(num(call('INCR', seqKey)), kind, subject, contactId, version, data)
end

-- Emits a contact.* event and raises the contact's version (the caller writes it to the hash where the hash stays).
local function contactEvent(c, name, data)
  c.version = num(c.version + 1)
  emit('contact.' .. name, 'contact:' .. c.id, c.id, c.version, data)
end

local function promiseData(c, more)
  return '{"reservationId":"' .. c.reservationId .. '","agentId":"' .. c.agentId .. '","queue":"' .. c.queue
    .. '","token":' .. c.token .. (c.part and ',"part":"' .. c.part .. '"' or '') .. (more or '') .. '}'
end

-- Emits a reservation.* event. A promise's version: 1 created, 2 accepted, 3 wrapping; its end is one more.
local function promiseEvent(c, name, version, more)
  emit('reservation.' .. name, 'reservation:' .. c.reservationId, c.id, version, promiseData(c, more))
end

-- Emits agent.work_changed and raises the agent's version; c: the contact it is about or nil; more: further JSON members.
-- Whom a supervisor listens to (c.part, c.unnamed) is not told to the whole floor.
-- a.since: set by the caller when the work goes on and only its details changed.
local function workEvent(a, work, c, more)
  a.version = num(a.version + 1)
  local data
  if c and (c.unnamed or c.part == 'supervision') then c = nil end
  if c then
    data = '{"agentId":"' .. a.id .. '","work":"' .. work .. '","previous":"' .. a.work .. '","since":' .. (a.since or NOW)
      .. ',"contactId":"' .. c.id .. '","reservationId":"' .. c.reservationId .. '"' .. (more or '') .. '}'
  else
    data = '{"agentId":"' .. a.id .. '","work":"' .. work .. '","previous":"' .. a.work .. '","since":' .. NOW .. (more or '') .. '}'
  end
  emit('agent.work_changed', 'agent:' .. a.id, c and c.id or '', a.version, data)
end

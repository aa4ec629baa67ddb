import t from 'tap'
import { requestOf } from '../../../src/api/ws/command.js'
import { targetOfRefer } from '../../../src/calls/talk/refer.js'
import type { CentreFile } from '../../../src/centre/schema.js'

t.test('whom a phone means by what was dialled for its transfer', async (t) => {
  const file = {
    agents: [{ id: 'a2', device: '3002' }, { id: 'sup' }],
    numbers: [{ number: '7003', queue: 'tax' }],
    departments: [{ id: 'tax_dept', number: '0311201001' }],
  } as unknown as CentreFile
  t.same(targetOfRefer(file, '3002'), { agent: 'a2' })
  t.same(targetOfRefer(file, '7003'), { queue: 'tax' })
  t.same(targetOfRefer(file, '031-120-1001'), { department: 'tax_dept' })
  t.same(targetOfRefer(file, '01012345678'), { number: '01012345678' })
  for (const nobody of ['3099', '0041123456', '0609001234', 'undefined', 's'])
    t.equal(targetOfRefer(file, nobody), undefined, nobody)
})

t.test('the command `call` is the route that places one; the others need a contact', async (t) => {
  const call = { type: 'command', id: '1', do: 'call', to: { agent: 'a2' }, queue: 'tax' } as const
  t.match(requestOf(call), { method: 'POST', url: '/v1/calls', payload: { to: { agent: 'a2' }, queue: 'tax' } })
  t.match(requestOf({ ...call, do: 'hold' }), { url: '/v1/contacts/-/hold' })
})

import t from 'tap'
import { AmiError } from '../../../src/asterisk/ami/errors.js'
import { FallbackQueue } from '../../../src/asterisk/fallback-queue.js'

t.test('a name that could become more than one value never reaches the wire', async (t) => {
  const asked: string[] = []
  const queue = new FallbackQueue({
    ami: {
      async action(name) {
        asked.push(name)
        throw new AmiError('disconnected', name)
      },
    },
    startedAt: async () => undefined,
    clock: () => 0,
  })
  for (const device of ['', '2001\r\nAction: Command', '2001,0', '2001/../x', '2001&2002', 'a'.repeat(41)]) {
    await t.rejects(queue.add(device, false), { code: 'CTI_ERR_PBX_INVALID_VALUE' })
    await t.rejects(queue.pause(device, true), { code: 'CTI_ERR_PBX_INVALID_VALUE' })
    await t.rejects(queue.remove(device), { code: 'CTI_ERR_PBX_INVALID_VALUE' })
  }
  for (const callId of ['', 'a/b', '1.2\nx', '../1'])
    await t.rejects(queue.forget(callId), { code: 'CTI_ERR_PBX_INVALID_VALUE' })
  t.same(asked, [])
})

import t from 'tap'
import { connectOpenCti, type OpenCti, verifyWebhook } from '../../../client/src/index.js'
import { newSigningSecret, signMessage } from '../../../src/webhooks/sign.js'
import { openApiHouse } from '../../helpers/api.js'
import { until } from '../../helpers/until.js'

t.test("Open CTI: a call pops, shows the panel and leaves a log; others' calls do not", async (t) => {
  const house = await openApiHouse()
  t.teardown(() => house.close())
  const client = await house.signedIn('a01')
  const done: [string, object][] = []
  const dialled: (string | undefined)[] = []
  const errors: string[] = []
  let click: (click: { number: string; recordId?: string }) => void = () => undefined
  const success = { success: true }
  // A CRM of that shape: the page of another vendor cannot run here.
  const crm: OpenCti = {
    screenPop: ({ type, params, callback }) => {
      done.push([type, params])
      callback?.(success)
    },
    setSoftphonePanelVisibility: ({ visible, callback }) => {
      done.push(['panel', { visible }])
      callback?.(success)
    },
    saveLog: ({ value, callback }) => {
      done.push(['log', value])
      callback?.({ success: false, errors: ['no such field'] })
    },
    onClickToDial: ({ listener }) => {
      click = listener
    },
    enableClickToDial: () => done.push(['click-to-dial', {}]),
  }
  const stream = connectOpenCti(client, crm, {
    onDial: (number, recordId) => dialled.push(number, recordId),
    onError: (what) => errors.push(what),
  })
  t.teardown(() => stream.close())
  await until(() => stream.position !== undefined, { what: 'the stream lives' })
  click({ number: '02-123-4567', recordId: '003' })
  t.same(dialled, ['02-123-4567', '003'])

  const tell = (type: 'screenpop.created' | 'screenpop.updated', agentId: string, id: string, popTarget?: string) => {
    const promise = { reservationId: `r-${id}`, agentId, queue: 'tax', token: 1 }
    const pop = {
      ...promise,
      contactId: id,
      deadline: 0,
      queueLabel: { ko: '', en: '' },
      dialled: '120',
      caller: '01012345678',
      requirement: {},
      waitMs: 0,
      complete: true,
      popTarget,
    }
    return house.journal.append(type, {
      subject: `agent:${agentId}`,
      contactId: id,
      time: 1_000,
      data: { ...promise, pop },
    })
  }
  const promise = { reservationId: 'r-c1', agentId: 'a01', queue: 'tax', token: 1 }
  const about = { subject: 'contact:c1', contactId: 'c1' }
  await tell('screenpop.created', 'a02', 'other')
  await tell('screenpop.created', 'a01', 'c1')
  await tell('screenpop.updated', 'a01', 'c1')
  await tell('screenpop.updated', 'a01', 'c1', 'https://crm.example/c1')
  await house.journal.append('contact.connected', {
    ...about,
    time: 2_000,
    data: { ...promise, waitedMs: 0, enqueuedAt: 0 },
  })
  await house.journal.append('contact.disposed', {
    ...about,
    time: 3_000,
    data: { agentId: 'a01', disposition: 'ticket' },
  })
  await house.journal.append('contact.completed', { ...about, time: 61_000, data: { queue: 'tax', how: 'finished' } })
  await tell('screenpop.created', 'a01', 'c2', 'https://crm.example/c2')
  await house.journal.append('reservation.timed_out', {
    subject: 'agent:a01',
    contactId: 'c2',
    time: 16_000,
    data: { ...promise, reservationId: 'r-c2' },
  })
  await until(() => done.filter(([what]) => what === 'log').length === 2, { what: 'both calls are logged' })
  t.match(done, [
    ['click-to-dial', {}],
    ['panel', { visible: true }],
    ['search', { searchString: '01012345678' }],
    ['url', { url: 'https://crm.example/c1' }],
    ['log', { CallObject: 'c1', CallDurationInSeconds: 60, CallDisposition: 'ticket' }],
    ['panel', { visible: true }],
    ['url', { url: 'https://crm.example/c2' }],
    ['log', { CallObject: 'c2', CallDisposition: 'missed' }],
  ])
  t.equal(done.length, 8, 'a context that leads nowhere else changes nothing')
  t.same(errors, ['saveLog', 'saveLog'])
})

t.test('a receiver verifies with the client what the server signed', async (t) => {
  const secret = newSigningSecret()
  const body = '{"type":"contact.held"}'
  const now = Date.now()
  const headers = { ...signMessage('m1', Buffer.from(body), [newSigningSecret(), secret], now) }
  t.equal(await verifyWebhook(secret, headers, body), 'm1')
  t.equal(await verifyWebhook(secret, new Headers(headers), body), 'm1')
  t.equal(await verifyWebhook(secret, headers, `${body} `), undefined)
  t.equal(await verifyWebhook(newSigningSecret(), headers, body), undefined)
  t.equal(await verifyWebhook(secret, headers, body, now + 600_000), undefined, 'too old')
  t.equal(await verifyWebhook(secret, { ...headers, 'webhook-signature': 'v1,%%% v2,x' }, body), undefined)
  t.equal(await verifyWebhook(secret, {}, body), undefined)
})

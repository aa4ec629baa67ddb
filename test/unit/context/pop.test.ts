import t from 'tap'
import { fillPopTarget } from '../../../src/context/pop.js'

const TEMPLATE = 'https://crm.example/c/{contactId}?n={callerNumber}&q={queue}&p={citizenId}&t={ticketId}'

t.test('values are URL-encoded, unknown ones empty', async (t) => {
  t.equal(
    fillPopTarget(TEMPLATE, { contactId: 'a/b?c', callerNumber: '+84912', queue: '일반', citizenId: 'p&x=1#' }),
    'https://crm.example/c/a%2Fb%3Fc?n=%2B84912&q=%EC%9D%BC%EB%B0%98&p=p%26x%3D1%23&t=',
  )
})

t.test('nothing that a caller sends changes the host or breaks it', async (t) => {
  const filled = fillPopTarget('https://crm.example/{callerNumber}', {
    contactId: 'c',
    queue: 'q',
    callerNumber: '//evil.example/\r\n@\ud800',
  })
  t.equal(new URL(filled ?? '').host, 'crm.example')
})

t.test('no template, no target; a template that makes no URL neither', async (t) => {
  t.equal(fillPopTarget(undefined, { contactId: 'c', queue: 'q' }), undefined)
  t.equal(fillPopTarget('javascript:alert({contactId})', { contactId: 'c', queue: 'q' }), undefined)
  t.equal(
    fillPopTarget('https://x.example/{constructor}', { contactId: 'c', queue: 'q' }),
    'https://x.example/{constructor}',
  )
})

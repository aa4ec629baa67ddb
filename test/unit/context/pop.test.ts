import t from 'tap'
import { fillPopTarget, targetReveals, wrongPlaceholders } from '../../../src/context/pop.js'
import { ENCODINGS, encodeField } from '../../../src/context/pop-encoding.js'

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

t.test('each field in the encoding that the other side wants', async (t) => {
  const values = {
    contactId: 'c',
    queue: 'q',
    callerNumber: '01012345678',
    callerName: '홍 길동 A&B',
    ticketNumber: '2026-1/7',
  }
  const fill = (query: string) =>
    fillPopTarget(`https://crm.example/?${query}`, values)?.slice('https://crm.example/?'.length)
  t.equal(fill('{callerName}'), '%ED%99%8D%20%EA%B8%B8%EB%8F%99%20A%26B')
  t.equal(fill('{callerName:form}'), '%ED%99%8D+%EA%B8%B8%EB%8F%99+A%26B')
  t.equal(fill('{callerName:euckr}'), '%C8%AB%20%B1%E6%B5%BF%20A%26B')
  t.equal(fill('{callerNumber:e164}&{callerNumber:digits}'), '%2B821012345678&01012345678')
  t.equal(fill('{callerName:base64url}'), Buffer.from(values.callerName).toString('base64url'))
  t.equal(fill('{ticketNumber}'), '2026-1%2F7')
  const bytes = Uint8Array.from(
    [...encodeField('홍詩', 'euckr').matchAll(/%(..)/g)].map(([, hex]) => Number.parseInt(hex!, 16)),
  )
  t.equal(new TextDecoder('euc-kr').decode(bytes), '홍詩')
  t.equal(encodeField('😀', 'euckr'), '%3F')
  t.equal(encodeField('+84912', 'e164'), '%2B84912')
  t.equal(encodeField('120', 'e164'), '120')
})

t.test('a template that names what there is not', async (t) => {
  t.same(wrongPlaceholders('https://x.example/{contactId}/{callerName:euckr}?{queue:url}'), [])
  t.match(wrongPlaceholders('https://x.example/{caller}'), [{ at: '{caller}', known: /callerNumber/ }])
  t.match(wrongPlaceholders('https://x.example/{callerName:utf16}'), [{ at: '{callerName:utf16}' }])
  t.match(wrongPlaceholders('https://x.example/{callerName:url:url}'), [{ at: '{callerName:url:url}' }])
})

t.test('a number or name is found in a target in every encoding', async (t) => {
  for (const encoding of ENCODINGS) {
    const target = fillPopTarget(`https://x.example/{callerNumber:${encoding}}`, {
      contactId: 'c',
      queue: 'q',
      callerNumber: '01012345678',
    })!
    t.ok(targetReveals(target, ['01012345678']), encoding)
    t.notOk(targetReveals(target, ['01099999999', undefined]), encoding)
  }
  t.ok(targetReveals('https://x.example/%C8%AB%B1%E6%B5%BF', ['홍길동']))
})

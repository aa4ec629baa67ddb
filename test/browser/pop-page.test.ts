import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { packageRoot } from '../../src/platform/package-root.js'
import { openApiHouse, PASSWORD } from '../helpers/api.js'
import { until } from '../helpers/until.js'
import { openBrowser } from './browser.js'

// The local link: a foreign system's page (a server of its own) opens for each pop of the agent.
const house = await openApiHouse({ webDir: join(packageRoot(), 'dist/web') })
t.teardown(() => house.close())
const crm = createServer((_request, response) =>
  response.writeHead(200, { 'content-type': 'text/html' }).end('<title>CRM</title>'),
)
crm.listen(0, '127.0.0.1')
await once(crm, 'listening')
t.teardown(() => crm.close())
const crmUrl = `http://127.0.0.1:${(crm.address() as AddressInfo).port}`
const browser = await openBrowser(() => house.url)
t.teardown(() => browser.close())

const pop = (agentId: string, id: string, popTarget?: string) => {
  const promise = { reservationId: `r-${id}`, agentId, queue: 'tax', token: 1 }
  const label = { ko: '세무', en: 'Tax' }
  return house.journal.append('screenpop.created', {
    subject: `agent:${agentId}`,
    contactId: id,
    time: Date.now(),
    data: {
      ...promise,
      pop: {
        ...promise,
        contactId: id,
        deadline: 0,
        queueLabel: label,
        dialled: '120',
        requirement: {},
        waitMs: 0,
        complete: true,
        popTarget,
      },
    },
  })
}

t.test('signs in, opens the page of each of the own calls in one window', async (t) => {
  const { page, errors, close } = await browser.open()
  await page.goto(`${house.url}/pop`)
  await page.fill('input[name=username]', 'a01')
  await page.fill('input[name=password]', 'wrong')
  await page.keyboard.press('Enter')
  await page.waitForSelector('main[data-state=wrong_password]')
  await page.fill('input[name=password]', PASSWORD)
  await page.keyboard.press('Enter')
  await page.waitForSelector('main[data-state=live]')
  const opened = page.waitForEvent('popup')
  await pop('a02', 'other', `${crmUrl}/not-mine`)
  await pop('a01', 'c1', `${crmUrl}/contacts/c1?name=%ED%99%8D`)
  const work = await opened
  await until(() => work.url() === `${crmUrl}/contacts/c1?name=%ED%99%8D`, { what: "the caller's page" })
  await pop('a01', 'c2', `${crmUrl}/contacts/c2`)
  await until(() => work.url() === `${crmUrl}/contacts/c2`, { what: 'the next page in the same window' })
  t.equal(page.context().pages().length, 2)
  await pop('a01', 'c3')
  await page.waitForSelector('main[data-state=no_target]')
  // A reload goes on with the session of the cookie.
  await page.reload()
  // The newest pop may come once more, after the snapshot: it has no page, and that is said again.
  await page.waitForSelector('main[data-state=live], main[data-state=no_target]')
  await pop('a01', 'c4', `${crmUrl}/contacts/c4`)
  await until(
    () =>
      page
        .context()
        .pages()
        .some((each) => each.url() === `${crmUrl}/contacts/c4`),
    { what: 'a call after the reload' },
  )
  t.same(
    errors.filter((each) => !/401/.test(each)),
    [],
    'no error but the refused sign-in and the first look for a session',
  )
  await close()
})

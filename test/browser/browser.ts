import { existsSync } from 'node:fs'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'

/** One person's browser window, and what it did besides. */
export interface Watched {
  readonly page: Page
  /** Requests to any other host than the server: there must be none. */
  readonly foreign: string[]
  /** Errors and warnings of the console, and exceptions. */
  readonly errors: string[]
  close(): Promise<void>
}

const EXECUTABLE = '/usr/bin/chromium'
/** Longest wait for something on a page, ms: a bound for a broken run, never a measure of speed. */
const TIMEOUT_MS = 15_000

/** Debian's Chromium without the things by which it phones home. */
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-default-apps',
  '--disable-domain-reliability',
]

/**
 * Starts the browser. Each `open` is a window of its own (own cookies and storage).
 * @param home where the server listens; anything else counts as foreign
 * @throws Error when Chromium is not installed
 */
export async function openBrowser(home: () => string): Promise<{ open(): Promise<Watched>; close(): Promise<void> }> {
  if (!existsSync(EXECUTABLE))
    throw new Error(`${EXECUTABLE} is missing: run \`npm test\`, which installs Debian's Chromium`)
  const browser: Browser = await chromium.launch({ executablePath: EXECUTABLE, args: FLAGS })
  return {
    async open() {
      const context: BrowserContext = await browser.newContext({
        viewport: { width: 1280, height: 800 },
        locale: 'ko-KR',
        timezoneId: 'Asia/Seoul',
      })
      context.setDefaultTimeout(TIMEOUT_MS)
      const page = await context.newPage()
      const foreign: string[] = []
      const errors: string[] = []
      const look = (url: string): void => {
        // From the page's own memory.
        if (url.startsWith('blob:')) return
        if (new URL(url).host !== new URL(home()).host) foreign.push(url)
      }
      context.on('request', (request) => look(request.url()))
      page.on('websocket', (socket) => look(socket.url()))
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') errors.push(message.text())
      })
      page.on('pageerror', (error) => errors.push(String(error)))
      return { page, foreign, errors, close: () => context.close() }
    },
    close: () => browser.close(),
  }
}

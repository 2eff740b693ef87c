import type { BrowserContext, ConsoleMessage, Locator, Page } from 'playwright-core'
import type { Test } from 'tap'
import type { RunFile } from '../../support/patgate.ts'
import { sharedBrowser } from './browser.ts'
import { consolePatgate } from './console-patgate.ts'
import { type Language, WORDS, type Words } from './words/words.ts'

export interface VisitOptions {
  readonly language?: Language
  readonly scheme?: 'light' | 'dark'
  readonly width?: number
  /** Who is signed in; the administrator unless said, nobody for null. */
  readonly as?: Person | null
  /** Answers that a test provokes, which the browser tells on its console: their statuses. */
  readonly expectedFailures?: readonly number[]
  /** Where the browser may go besides the console; nowhere unless said. */
  readonly leavesFor?: 'single sign-on'
}

export interface Person {
  readonly email: string
  readonly password: string
}

/** Somebody at the console, in a browser of their own. */
export interface Visit {
  readonly page: Page
  readonly context: BrowserContext
  readonly run: RunFile
  readonly words: Words
  /** Goes to a page of the console and waits until it has what it asked for. */
  open(path: string): Promise<void>
  button(name: string): Locator
  field(name: string): Locator
  /** The open dialog. */
  dialog(): Locator
}

const HEIGHT = 800
const PATIENCE_MS = 20_000

/**
 * Opens the console like anybody would, and closes it after the work. It has to have been quiet: no error and no warning on
 * the browser's console, no exception, and not one request to anybody but the console itself.
 */
export async function visiting(t: Test, options: VisitOptions, work: (visit: Visit) => Promise<void>): Promise<void> {
  const { visit, complaints } = await begin(options)
  try {
    await work(visit)
  } finally {
    await visit.context.close()
  }
  t.same(complaints, [], 'the browser has nothing to complain about')
}

async function begin(options: VisitOptions): Promise<{ visit: Visit; complaints: readonly string[] }> {
  const { language = 'en', scheme = 'light', width = 1280, as, expectedFailures = [], leavesFor } = options
  const { patgate, provider } = await consolePatgate()
  const { run } = patgate
  const browser = await sharedBrowser()
  const context = await browser.newContext({
    locale: language === 'fr' ? 'fr-FR' : 'en-GB',
    colorScheme: scheme,
    reducedMotion: 'reduce',
    viewport: { width, height: HEIGHT },
    permissions: ['clipboard-read', 'clipboard-write']
  })
  const complaints: string[] = []
  const others = leavesFor === 'single sign-on' ? [provider.issuer] : []
  context.on('page', (opened) =>
    complain(opened, { origins: [run.console_url, ...others], expectedFailures, complaints })
  )
  const page = await context.newPage()
  page.setDefaultTimeout(PATIENCE_MS)
  const words = WORDS[language]
  const visit: Visit = {
    page,
    context,
    run,
    words,
    async open(path) {
      await page.goto(`${run.console_url}/console${path}`)
      await page.waitForLoadState('networkidle')
    },
    button: (name) => page.getByRole('button', { name, exact: true }),
    field: (name) => page.getByLabel(name, { exact: true }),
    dialog: () => page.getByRole('dialog')
  }
  const person = as === undefined ? run.admin : as
  if (person !== null) await bringSession(visit, person)
  return { visit, complaints }
}

/** Signs in without the page: most tests are about what comes after, and two more pages for each of them are dear. */
async function bringSession({ context, run }: Visit, { email, password }: Person): Promise<void> {
  const answer = await context.request.post(`${run.console_url}/v1/sessions`, {
    data: { email, password, cookie: true },
    headers: { origin: run.console_url }
  })
  if (answer.status() !== 201) throw new Error(`${email} cannot sign in: ${await answer.text()}`)
}

/** Signs in as people do, on the page that asks for it. */
export async function signIn({ page, run, words }: Visit, person: Person): Promise<void> {
  if (!page.url().startsWith(run.console_url)) await page.goto(`${run.console_url}/console/`)
  await page.getByLabel(words.email).fill(person.email)
  await page.getByLabel(words.password, { exact: true }).fill(person.password)
  await page.getByRole('button', { name: words.signIn, exact: true }).click()
  await page.getByRole('heading', { level: 1, name: words.tokens }).waitFor()
}

interface Watch {
  readonly origins: readonly string[]
  readonly expectedFailures: readonly number[]
  /** Where what is noticed is written down. */
  readonly complaints: string[]
}

function complain(page: Page, { origins, expectedFailures, complaints }: Watch): void {
  const isExpected = (message: ConsoleMessage): boolean =>
    expectedFailures.some((status) => message.text().includes(`status of ${status}`))
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()) && !isExpected(message)) {
      complaints.push(`${message.type()}: ${message.text()} (${message.location().url})`)
    }
  })
  page.on('pageerror', (error) => complaints.push(`exception: ${error.stack ?? error.message}`))
  page.on('request', (request) => {
    const url = request.url()
    const isOwn = origins.some((origin) => url.startsWith(`${origin}/`) || url.startsWith(`blob:${origin}`))
    if (!isOwn && !url.startsWith('data:')) complaints.push(`request to ${url}`)
  })
}

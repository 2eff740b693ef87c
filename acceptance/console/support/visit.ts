import type { BrowserContext, ConsoleMessage, Locator, Page } from 'playwright-core'
import type { Test } from 'tap'
import type { RunFile } from '../../support/patgate.ts'
import { sharedPatgate } from '../../support/shared-patgate.ts'
import { sharedBrowser } from './browser.ts'
import { ENGLISH, FRENCH, type Words } from './words.ts'

export type Language = 'en' | 'fr'

export interface VisitOptions {
  readonly language?: Language
  readonly scheme?: 'light' | 'dark'
  readonly width?: number
  /** Who signs in first; the administrator unless said, nobody for null. */
  readonly as?: Person | null
  /** Answers that a test provokes, which the browser tells on its console: their statuses. */
  readonly expectedFailures?: readonly number[]
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
  const { language = 'en', scheme = 'light', width = 1280, as, expectedFailures = [] } = options
  const { run } = await sharedPatgate()
  const browser = await sharedBrowser()
  const context = await browser.newContext({
    locale: language === 'fr' ? 'fr-FR' : 'en-GB',
    colorScheme: scheme,
    reducedMotion: 'reduce',
    viewport: { width, height: HEIGHT },
    permissions: ['clipboard-read', 'clipboard-write']
  })
  const page = await context.newPage()
  page.setDefaultTimeout(PATIENCE_MS)
  const complaints = complaintsOf(page, run.console_url, expectedFailures)
  const words = language === 'fr' ? FRENCH : ENGLISH
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
  if (person !== null) await signIn(visit, person)
  return { visit, complaints }
}

export async function signIn({ page, run, words }: Visit, person: Person): Promise<void> {
  if (!page.url().startsWith(run.console_url)) await page.goto(`${run.console_url}/console/`)
  await page.getByLabel(words.email).fill(person.email)
  await page.getByLabel(words.password, { exact: true }).fill(person.password)
  await page.getByRole('button', { name: words.signIn }).click()
  await page.getByRole('heading', { level: 1, name: words.tokens }).waitFor()
}

function complaintsOf(page: Page, origin: string, expectedFailures: readonly number[]): string[] {
  const complaints: string[] = []
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
    const isOwn = url.startsWith(`${origin}/`) || url.startsWith(`blob:${origin}`) || url.startsWith('data:')
    if (!isOwn) complaints.push(`request to ${url}`)
  })
  return complaints
}

import { test } from 'tap'
import { signIn, type Visit, visiting } from './support/visit.ts'

/** What somebody downloads before the first page can be used: the issue of the console. */
const MOST_BYTES = 250 * 1024
/** Six at a time, as browsers ask a server: that many times the way there and back. */
const MOST_FILES = 12
const CODE = new Set(['script', 'stylesheet'])

test('what is loaded first is at most 250 KiB of compressed scripts and styles, in few files', async (t) => {
  await visiting(t, { as: null }, async (visit) => {
    const { page } = visit
    const loading: Promise<number>[] = []
    page.on('requestfinished', (request) => {
      if (!CODE.has(request.resourceType())) return
      loading.push(request.sizes().then(({ responseBodySize }) => responseBodySize))
    })
    await visit.open('/')
    await visit.button(visit.words.signIn).waitFor()
    const first = await total(loading)
    t.comment(`${inKiB(first)} in ${loading.length} files for the first page`)
    t.ok(first > 0 && first <= MOST_BYTES, `${first} bytes`)
    t.ok(loading.length <= MOST_FILES, `${loading.length} files`)
    await signIn(visit, visit.run.admin)
    await page.waitForLoadState('networkidle')
    t.comment(`${inKiB(await total(loading))} in ${loading.length} files until the list of tokens is there`)
  })
})

test('a page can be used soon: told and not judged, because machines differ', async (t) => {
  await visiting(t, { as: null }, async (visit) => {
    t.comment(`to a browser that was never here, the sign-in page ${await usableAfter(visit)}`)
    t.comment(`to one that was, the sign-in page ${await usableAfter(visit)}`)
    await signIn(visit, visit.run.admin)
    t.comment(`to one that was, the list of tokens ${await usableAfter(visit)}`)
  })
})

/** Loads the console, and tells what the browser itself measured until there is a field or a row. */
async function usableAfter({ page, run }: Visit): Promise<string> {
  await page.goto(`${run.console_url}/console/`, { waitUntil: 'commit' })
  await page.locator('main :is(form, tbody) :is(input, a)').first().waitFor()
  const usableMs = await page.evaluate(() => performance.now())
  const { paintedMs, busyMs } = await page.evaluate(measured)
  return `is painted after ${paintedMs} ms and usable after ${Math.round(usableMs)} ms, ${busyMs} ms of it in tasks over 50 ms`
}

/** Runs in the page. */
async function measured() {
  const observed = Promise.withResolvers<PerformanceEntryList>()
  new PerformanceObserver((list) => observed.resolve(list.getEntries())).observe({ type: 'longtask', buffered: true })
  // Where there was no long task nothing is ever observed.
  requestIdleCallback(() => observed.resolve([]))
  const [paint] = performance.getEntriesByName('first-contentful-paint')
  const busyMs = (await observed.promise).reduce((sum, { duration }) => sum + duration, 0)
  return { paintedMs: Math.round(paint?.startTime ?? 0), busyMs: Math.round(busyMs) }
}

async function total(loading: readonly Promise<number>[]): Promise<number> {
  return (await Promise.all(loading)).reduce((sum, size) => sum + size, 0)
}

function inKiB(bytes: number): string {
  return `${(bytes / 1024).toFixed(0)} KiB`
}

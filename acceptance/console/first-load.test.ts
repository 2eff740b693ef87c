import { test } from 'tap'
import { signIn, visiting } from './support/visit.ts'

/** What somebody downloads before the first page can be used: the issue of the console. */
const MOST_BYTES = 250 * 1024
const CODE = new Set(['script', 'stylesheet'])

test('what is loaded first is at most 250 KiB of compressed scripts and styles', async (t) => {
  await visiting(t, { as: null }, async (visit) => {
    const { page } = visit
    const loading: Promise<number>[] = []
    page.on('requestfinished', (request) => {
      if (!CODE.has(request.resourceType())) return
      loading.push(request.sizes().then(({ responseBodySize }) => responseBodySize))
    })
    const startedMs = performance.now()
    await visit.open('/')
    await visit.button(visit.words.signIn).waitFor()
    t.comment(`the sign-in page can be used after ${Math.round(performance.now() - startedMs)} ms`)
    await page.waitForLoadState('networkidle')
    const first = await total(loading)
    t.comment(`${inKiB(first)} for the first page`)
    t.ok(first > 0 && first <= MOST_BYTES, `${first} bytes`)
    await signIn(visit, visit.run.admin)
    await page.waitForLoadState('networkidle')
    t.comment(`${inKiB(await total(loading))} until the list of tokens is there`)
  })
})

async function total(loading: readonly Promise<number>[]): Promise<number> {
  return (await Promise.all(loading)).reduce((sum, size) => sum + size, 0)
}

function inKiB(bytes: number): string {
  return `${(bytes / 1024).toFixed(0)} KiB`
}

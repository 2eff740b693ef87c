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
    await signIn(visit, visit.run.admin)
    await page.waitForLoadState('networkidle')
    const sizes = await Promise.all(loading)
    const bytes = sizes.reduce((sum, size) => sum + size, 0)
    t.comment(`${(bytes / 1024).toFixed(0)} KiB until the list of tokens is there`)
    t.ok(sizes.length > 0 && bytes <= MOST_BYTES, `${bytes} bytes`)
  })
})

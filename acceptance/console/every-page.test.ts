import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import { type Test, test } from 'tap'
import { everyPage } from './support/every-page.ts'
import { LANGUAGES } from './support/languages.ts'
import { ARE_PICTURES_TAKEN, takePicture } from './support/pictures.ts'
import { signIn, visiting } from './support/visit.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const LOOKS = [
  { name: 'light', colorScheme: 'light', width: 1280 },
  { name: 'dark', colorScheme: 'dark', width: 1280 },
  { name: 'narrow', colorScheme: 'light', width: 360 },
  { name: 'dark and narrow', colorScheme: 'dark', width: 360 }
] as const

for (const language of ARE_PICTURES_TAKEN ? (['en'] as const) : LANGUAGES) {
  test(`every page is usable by everybody, light, dark and narrow, and nothing sticks out (${language})`, async (t) => {
    const { pages } = await everyPage()
    await visiting(t, { language, as: null }, async (visit) => {
      await visit.open('/')
      await lookAt(t, visit.page, 'sign-in')
      await signIn(visit, visit.run.admin)
      for (const { name, path } of pages) {
        await visit.open(path)
        await lookAt(t, visit.page, name)
      }
    })
  })
}

async function lookAt(t: Test, page: Page, name: string): Promise<void> {
  for (const { name: look, colorScheme, width } of LOOKS) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.setViewportSize({ width, height: 800 })
    await takePicture(page, name, look)
    t.same(await violationsOn(page), [], `${name}, ${look}: axe finds nothing`)
    t.same(await sticksOut(page), [], `${name}, ${look}: nothing is cut, nothing is wider than the window`)
  }
}

/** WCAG 2.2 AA and the best practices, as one line for each element. */
async function violationsOn(page: Page): Promise<string[]> {
  await page.evaluate(axe)
  const { violations } = await page.evaluate(
    async () => (await (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run()) as AxeResults
  )
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`)
  )
}

/** What makes the page scroll sideways, or is cut off by its own box. */
function sticksOut(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { clientWidth } = document.documentElement
    const found: string[] = []
    if (document.documentElement.scrollWidth > clientWidth)
      found.push(`the page is ${document.documentElement.scrollWidth} wide`)
    for (const element of document.querySelectorAll('button, a, h1, h2, h3, label, th, [role="tab"]')) {
      const { scrollWidth, clientWidth: own } = element
      const isCut = own > 0 && scrollWidth > own + 1 && getComputedStyle(element).overflowX === 'hidden'
      const { right, width } = element.getBoundingClientRect()
      const isOutside = width > 1 && right > clientWidth + 1 && getComputedStyle(element).position !== 'fixed'
      if (isCut || isOutside) found.push(`${element.tagName} ${element.textContent?.slice(0, 60)}`)
    }
    return found
  })
}

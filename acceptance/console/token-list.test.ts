import { test } from 'tap'
import { rowOf } from './support/acts.ts'
import { LANGUAGES } from './support/languages.ts'
import { insertTokens } from './support/many-tokens.ts'
import { newPerson } from './support/people.ts'
import { type Visit, visiting } from './support/visit.ts'

/** More than a page of the list, fewer than are too many to sort; and too many. */
const [SORTABLE, TOO_MANY] = [250, 2_100]

for (const language of LANGUAGES) {
  test(`a list of tokens is sorted as a whole, or not at all (${language})`, async (t) => {
    const person = await newPerson(`sorter-${language}`)
    await visiting(t, { language, as: person }, async (visit) => {
      const { page, words, run } = visit
      await insertTokens(run, person.id, SORTABLE)

      await t.test('the newest come first, and only a page of them is loaded', async (t) => {
        await visit.open('/tokens')
        await rowOf(visit, 'job-1').first().waitFor()
        t.equal(await firstName(visit), 'job-1')
        t.equal(await orderOf(visit, words.created), 'descending')
      })

      await t.test('the menu of a row opens by key, and gives the focus back', async (t) => {
        const button = page.getByRole('button', { name: `${words.actionsFor} job-1`, exact: true })
        t.equal(await button.getAttribute('aria-haspopup'), 'menu')
        await button.press('Enter')
        await page.keyboard.press('ArrowDown')
        t.equal(await page.locator(':focus').getAttribute('role'), 'menuitem')
        await page.keyboard.press('Escape')
        await page.getByRole('menu').waitFor({ state: 'hidden' })
        await button.and(page.locator(':focus')).waitFor()
      })

      await t.test('a press on the head of a column sorts all of them, another turns the order round', async (t) => {
        await sortBy(visit, words.token)
        t.same([await firstName(visit), await orderOf(visit, words.token)], ['job-1', 'ascending'])
        await sortBy(visit, words.token)
        t.same([await firstName(visit), await orderOf(visit, words.token)], [`job-${SORTABLE}`, 'descending'])
        await page.getByText(new RegExp(`^${SORTABLE} .* ${SORTABLE}`)).waitFor()
      })

      await t.test('the order is in the address, and survives a reload', async (t) => {
        t.match(page.url(), /[?&]sort=-name/)
        await page.reload()
        await rowOf(visit, `job-${SORTABLE}`).waitFor()
        t.equal(await firstName(visit), `job-${SORTABLE}`)
      })

      await t.test('a narrow screen has a list of orders in place of the heads', async (t) => {
        await page.setViewportSize({ width: 360, height: 800 })
        await page.getByRole('combobox', { name: words.sortBy }).click()
        await page.getByRole('option', { name: words.byName, exact: true }).click()
        await rowOf(visit, 'job-1').first().waitFor()
        t.equal(await firstName(visit), 'job-1')
        await page.setViewportSize({ width: 1280, height: 800 })
      })

      await t.test('of too many the newest come first whatever is asked, and the page says so', async (t) => {
        await insertTokens(run, person.id, TOO_MANY - SORTABLE)
        await visit.open('/tokens?sort=-name')
        await page.getByText(words.tooManyToSort).waitFor()
        t.equal(await firstName(visit), 'job-1')
        t.equal(await page.getByRole('columnheader').getByRole('button').count(), 0)
      })
    })
  })
}

function firstName({ page }: Visit): Promise<string | null> {
  return page.getByRole('row').getByRole('link').first().textContent()
}

/** Presses the head of a column and waits until the rows are in their new order. */
async function sortBy({ page }: Visit, column: string): Promise<void> {
  await page.getByRole('columnheader').getByRole('button', { name: column, exact: true }).click()
  await page.locator('table[aria-busy=false]').getByRole('row').nth(1).waitFor()
}

function orderOf({ page }: Visit, column: string): Promise<string | null> {
  return page.getByRole('columnheader', { name: column, exact: true }).getAttribute('aria-sort')
}

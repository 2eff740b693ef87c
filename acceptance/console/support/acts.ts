import type { Locator } from 'playwright-core'
import type { Visit } from './visit.ts'

/** Chooses out of a list that opens, within a part of the page. */
export async function choose({ page }: Visit, within: Locator, label: string | RegExp, option: string): Promise<void> {
  await within.getByRole('combobox', { name: label, exact: typeof label === 'string' }).click()
  // A description may stand below the word.
  await page.getByRole('option', { name: new RegExp(`^${option}(\\s|$)`) }).click()
}

/** The n-th row of the scope builder. */
export function scopeRow({ page }: Visit, number: number): Locator {
  return page.getByRole('group', { name: new RegExp(` ${number}$`) })
}

/** The secret that is on the screen, the one time. */
export async function readSecret({ page, words }: Visit): Promise<string> {
  return page.getByRole('textbox', { name: words.secret, exact: true }).inputValue()
}

/** Presses a button of the open dialog and waits until the dialog is gone, which it is when the server has agreed. */
export async function confirm(visit: Visit, action: string): Promise<void> {
  await visit.dialog().getByRole('button', { name: action, exact: true }).click()
  await visit.dialog().waitFor({ state: 'hidden' })
}

/** The row of a table that names something. */
export function rowOf({ page }: Visit, name: string): Locator {
  return page.getByRole('row').filter({ hasText: name })
}

/** Opens the menu of a row and presses one of its entries. */
export async function actOn(visit: Visit, name: string, action: string): Promise<void> {
  await visit.page.getByRole('button', { name: `${visit.words.actionsFor} ${name}`, exact: true }).click()
  await visit.page.getByRole('menuitem', { name: action, exact: true }).click()
}

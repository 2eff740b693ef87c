import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
/** Of every page in every look, to be looked at: too many to keep. */
const EVERY_PICTURE = join(ROOT, '.patgate', 'pictures')
/** Those that the README and the guides show. */
const SHOWN = join(ROOT, 'docs', 'images')
const SHOWN_PAGES: Readonly<Record<string, readonly string[]>> = {
  tokens: ['light', 'dark', 'narrow'],
  'new-token': ['light', 'dark'],
  audit: ['light', 'dark'],
  channels: ['light']
}

/** True in `npm run screenshots`. */
export const ARE_PICTURES_TAKEN = process.env.SCREENSHOTS === '1'

/** Keeps what the page looks like now. */
export async function takePicture(page: Page, name: string, look: string): Promise<void> {
  if (!ARE_PICTURES_TAKEN) return
  const file = `${name}-${look.replaceAll(' ', '-')}.png`
  const directory = SHOWN_PAGES[name]?.includes(look) === true ? SHOWN : EVERY_PICTURE
  await mkdir(directory, { recursive: true })
  await page.screenshot({ path: join(directory, file), animations: 'disabled' })
}

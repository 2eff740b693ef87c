import { findBrowser } from '@patgate/local'
import { type Browser, chromium } from 'playwright-core'
import { t as root } from 'tap'

/** It needs no sandbox of its own for pages of ours, and must not call home. */
const OPTIONS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync'
]

let running: Promise<Browser> | null = null

/** One browser for all tests of a process; every visit has cookies and storage of its own. */
export function sharedBrowser(): Promise<Browser> {
  running ??= launch()
  return running
}

async function launch(): Promise<Browser> {
  const program = await findBrowser({ report: (line) => console.error(`patgate: ${line}`) })
  const browser = await chromium.launch({
    executablePath: program.path,
    args: OPTIONS,
    env: definedOnly({ ...process.env, ...program.env })
  })
  root.teardown(() => browser.close())
  return browser
}

function definedOnly(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))
  )
}

import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { loadConfig } from './config.ts'
import { lockHome } from './home.ts'

/** `npm run reset`: forgets the data of a home. Downloaded tools belong to the checkout and stay. */
try {
  const { home } = loadConfig(process.env)
  if (existsSync(home)) {
    const lock = lockHome(home)
    for (const entry of readdirSync(home)) {
      if (entry !== 'tools' && !entry.startsWith('test-')) rmSync(join(home, entry), { recursive: true, force: true })
    }
    lock.release()
  }
  console.log(`patgate: the data in ${home} is gone; the next start begins anew.`)
} catch (error) {
  console.error(`patgate: ${error instanceof Error ? error.message : error}`)
  process.exit(1)
}

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { keepSecret, signingKey } from './secrets.ts'

/**
 * The directory of the keys that sign what others verify: made once, then kept. Rotating them is the operator's
 * (docs/decisions/0018).
 */
export function keepSigningKeys(secrets: string): string {
  const directory = join(secrets, 'signing-keys')
  for (const kind of ['access-token', 'assertion']) {
    mkdirSync(join(directory, kind), { recursive: true, mode: 0o700 })
    for (const slot of ['current', 'next']) keepSecret(join(directory, kind, `${slot}.pem`), signingKey)
  }
  return directory
}

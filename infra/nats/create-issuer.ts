import { writeFileSync } from 'node:fs'
import { createAccount } from '@nats-io/nkeys'

/** `node infra/nats/create-issuer.ts <file>`: draws the pair of keys by which MQTT and NATS clients are admitted. */
const [file] = process.argv.slice(2)
if (file === undefined) {
  console.error('Give the file for the seed: node infra/nats/create-issuer.ts <file>')
  process.exit(2)
}
const pair = createAccount()
// Never over a file that is there: it may be the seed in use.
writeFileSync(file, `${Buffer.from(pair.getSeed()).toString()}\n`, { mode: 0o600, flag: 'wx' })
console.log(pair.getPublicKey())

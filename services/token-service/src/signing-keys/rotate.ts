import { parseArgs } from 'node:util'
import { createMissingKeys, replaceKeys, rotateKeys } from './rotate-keys.ts'

// node src/signing-keys/rotate.ts <SIGNING_KEYS_DIR> [--create | --compromised]
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { create: { type: 'boolean', default: false }, compromised: { type: 'boolean', default: false } }
})
const [directory] = positionals
if (directory === undefined) throw new Error('say which directory: node rotate.ts <SIGNING_KEYS_DIR>')
if (values.create) createMissingKeys(directory)
else if (values.compromised) replaceKeys(directory)
else rotateKeys(directory, Date.now())

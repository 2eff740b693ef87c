import type { Test } from 'tap'
import { createMissingKeys } from '../../src/signing-keys/rotate-keys.ts'

/** A directory with the first keys of every kind; it goes when the test does. */
export function signingKeysDirectory(t: Test): string {
  const directory = t.testdir({})
  createMissingKeys(directory)
  return directory
}

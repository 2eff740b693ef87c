import { ENGLISH } from './english.ts'
import { FRENCH } from './french.ts'

/** What the console says, in one language. */
export type Words = typeof ENGLISH

export const WORDS = { en: ENGLISH, fr: FRENCH } as const satisfies Record<string, Words>
export type Language = keyof typeof WORDS

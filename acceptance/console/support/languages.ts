import { effort } from '../../support/effort.ts'

/** In which the flows are driven: French first, because its words are the longer ones; in the long mode both. */
export const LANGUAGES = (['fr', 'en'] as const).slice(0, effort(1, 2))

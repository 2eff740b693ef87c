import type { PatgateFile } from './patgate-file.ts'

/** How long the most patient route may accept a token after its gateway's lease has lapsed, in milliseconds. */
export function longestGrace({ routes }: PatgateFile): number {
  return Math.max(0, ...routes.map(({ access }) => (access.kind === 'protected' ? access.graceMs : 0)))
}

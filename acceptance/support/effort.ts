/** How much is tried: enough to find a broken mechanism in `npm test`, far more in `npm run test:long`. */
export function effort(short: number, long: number): number {
  return process.env.LONG_TESTS === '1' ? long : short
}

import { digestOf, mintToken } from '@patgate/token-format'

/**
 * A service client's secret and the only form in which it is kept. It looks like a token of another prefix, so that
 * scanners and redaction know it, and no call takes it for one.
 */
export function mintClientSecret(tokenPrefix: string): { secret: string; digest: Buffer } {
  const secret = mintToken(`${tokenPrefix}sc`)
  return { secret, digest: digestOf(secret) }
}

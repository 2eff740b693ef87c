import type { TokenBody } from '@patgate/contracts'

export function TokenActivity({ token }: { token: TokenBody }) {
  return <p>{token.id}</p>
}

import type { ResolveAnswer } from '@patgate/contracts'
import { digestOf } from '@patgate/token-format'
import { resolveToken } from '../../src/resolve/resolve-token.ts'
import type { TestService } from './service.ts'

/** What the service knows of a secret at this moment, straight from the truth. */
export function resolveSecret({ deps }: TestService, secret: string): Promise<ResolveAnswer> {
  return resolveToken(deps, digestOf(secret))
}

/** Whether a secret works now, as one word for a table. */
export async function stateOf(service: TestService, secret: string): Promise<string> {
  const answer = await resolveSecret(service, secret)
  return answer.valid ? 'works' : answer.refusal
}

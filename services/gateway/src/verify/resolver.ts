import { INTERNAL_KEY_HEADER, ResolveAnswer, type ResolveBody } from '@patgate/contracts'
import { Fault } from '@patgate/service-kit'
import { Compile } from 'typebox/compile'
import type { Dispatcher } from 'undici'
import { readAnswer } from '../internal-calls/read-answer.ts'

/** Asks the token service what it knows of a credential. Throws `unavailable` when it does not say. */
export interface Resolver {
  resolve(body: ResolveBody): Promise<ResolveAnswer>
}

const ANSWER_WITHIN_MS = 2_000

const answerSchema = Compile(ResolveAnswer)

export function createResolver(tokenService: Dispatcher, origin: string, internalKey: string): Resolver {
  async function resolve(body: ResolveBody): Promise<ResolveAnswer> {
    try {
      const response = await tokenService.request({
        origin,
        path: '/internal/v1/resolve',
        method: 'POST',
        headers: { 'content-type': 'application/json', [INTERNAL_KEY_HEADER]: internalKey },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS)
      })
      const answer = await readAnswer(response.body)
      if (response.statusCode === 200 && answerSchema.Check(answer)) return notBehind(answer, body.min_seq ?? 0)
      throw new Error(`the token service answered ${response.statusCode} with something else than a resolution`)
    } catch (cause) {
      throw new Fault('unavailable', { cause, message: 'the token service did not resolve a credential' })
    }
  }

  return { resolve }
}

/** An answer older than what this gateway has applied would bring back what it knows to be over. */
function notBehind(answer: ResolveAnswer, minSeq: number): ResolveAnswer {
  if (answer.as_of >= minSeq) return answer
  throw new Error(`the token service answered as of ${answer.as_of}, ${minSeq} was asked for`)
}

import { StoredAnswerReader } from '@patgate/coherence'
import type { ResolveAnswer } from '@patgate/contracts'
import { isExpired } from '@patgate/domain'
import type { OwnHolder } from '../coherence/own-holder.ts'
import { type KeptAnswer, keysOf, type RedisAnswers } from './redis-answers.ts'
import { type ResolveDeps, resolveToken } from './resolve-token.ts'

/** Answers what gateways ask about tokens: from Redis where coherence.md ("Resolve") allows it, else from PostgreSQL. */
export type TokenAnswers = (digest: string, minSeq: number) => Promise<ResolveAnswer>

export function createTokenAnswers(deps: ResolveDeps, holder: OwnHolder, { store }: RedisAnswers): TokenAnswers {
  const { lease, memory, follower } = holder

  async function readTruth(digest: string): Promise<KeptAnswer> {
    const answer = await resolveToken(deps, Buffer.from(digest, 'hex'))
    return { ...keysOf(digest, answer), asOf: answer.as_of, asOfId: memory.idOf(answer.as_of) ?? null, answer }
  }

  const reader = new StoredAnswerReader<KeptAnswer>({ lease, memory, follower, store, readTruth })
  return async (digest, minSeq) => {
    const { answer: kept, asOf } = await reader.answer(digest, minSeq)
    // No change tells of an expiry: what has passed since the answer was kept is asked again.
    if (isOver(kept.answer, deps.clock.now())) return (await readTruth(digest)).answer
    return { ...kept.answer, as_of: asOf }
  }
}

function isOver(answer: ResolveAnswer, nowMs: number): boolean {
  if (!answer.valid || answer.snapshot.expires_at === null) return false
  return isExpired(Date.parse(answer.snapshot.expires_at), nowMs)
}

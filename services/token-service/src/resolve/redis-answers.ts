import type { AnswerStore, Keys, StoredAnswer } from '@patgate/coherence'
import { ResolveAnswer } from '@patgate/contracts'
import { Redis } from 'ioredis'
import { Compile } from 'typebox/compile'

/** A resolved token as it is kept in Redis: the answer, and what decides whether it may still be given. */
export interface KeptAnswer extends StoredAnswer {
  readonly answer: ResolveAnswer
}

export interface RedisAnswersOptions {
  readonly redisUrl: string
  readonly keyPrefix: string
  readonly onError: (error: Error) => void
}

export interface RedisAnswers {
  readonly store: AnswerStore<KeptAnswer>
  close(): void
}

/** How long an entry lives; a matter of memory alone, never of what may be believed. */
const LIVES_SECONDS = 60
/** Redis is there to save time: once it costs more than the database does, it is not waited for. */
const COMMAND_TIMEOUT_MS = 50

const answerSchema = Compile(ResolveAnswer)

/** Keeps answers under their token's digest. Whatever Redis does, lie, lose or hang, a miss is the worst of it. */
export function openRedisAnswers({ redisUrl, keyPrefix, onError }: RedisAnswersOptions): RedisAnswers {
  const redis = new Redis(redisUrl, {
    commandTimeout: COMMAND_TIMEOUT_MS,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0
  })
  redis.on('error', onError)
  const keyOf = (digest: string): string => `${keyPrefix}:answer:${digest}`
  return {
    store: {
      async get(digest) {
        const text = await redis.get(keyOf(digest))
        return text === null ? null : parse(digest, text)
      },
      async set(digest, kept) {
        const { asOfId, answer } = kept
        // An answer whose place in history is not known could never be believed again.
        if (asOfId !== null)
          await redis.set(keyOf(digest), JSON.stringify({ as_of_id: asOfId, answer }), 'EX', LIVES_SECONDS)
      }
    },
    close: () => redis.disconnect()
  }
}

/** By what a change may touch an answer; worked out from the answer itself, so that an entry cannot claim less. */
export function keysOf(digest: string, answer: ResolveAnswer): Keys {
  if (!answer.valid) return { digest, ownerId: answer.identity?.owner_id ?? null, sessionId: null, groups: [] }
  const { owner, roles, scopes } = answer.snapshot
  const groups = new Set([...Object.keys(roles), ...(scopes ?? []).map((scope) => scope.group)])
  return { digest, ownerId: owner.id, sessionId: null, groups: [...groups] }
}

function parse(digest: string, text: string): KeptAnswer | null {
  const entry: unknown = JSON.parse(text)
  if (typeof entry !== 'object' || entry === null || !('as_of_id' in entry) || !('answer' in entry)) return null
  const { as_of_id: asOfId, answer } = entry
  if (typeof asOfId !== 'string' || !answerSchema.Check(answer)) return null
  return { ...keysOf(digest, answer), asOf: answer.as_of, asOfId, answer }
}

import { INTERNAL_KEY_HEADER, ResolveAnswer } from '@patgate/contracts'
import { Fault } from '@patgate/service-kit'
import { Compile } from 'typebox/compile'
import { Agent, request } from 'undici'

const ANSWER_WITHIN_MS = 2_000
const LARGEST_ANSWER_BYTES = 1024 * 1024

/** Asks the token service what a session stands for. Opened at start, closed at the end. */
export interface SessionResolver {
  /** Throws `unavailable` when there is no answer that can be believed. */
  resolve(session: string): Promise<ResolveAnswer>
  close(): Promise<void>
}

export interface SessionResolverOptions {
  readonly tokenServiceUrl: string
  readonly internalKey: string
}

const answerShape = Compile(ResolveAnswer)

export function openSessionResolver({ tokenServiceUrl, internalKey }: SessionResolverOptions): SessionResolver {
  const dispatcher = new Agent({
    connect: { timeout: ANSWER_WITHIN_MS },
    headersTimeout: ANSWER_WITHIN_MS,
    bodyTimeout: ANSWER_WITHIN_MS,
    maxResponseSize: LARGEST_ANSWER_BYTES
  })

  async function ask(session: string): Promise<unknown> {
    const { statusCode, body } = await request(`${tokenServiceUrl}/internal/v1/resolve`, {
      method: 'POST',
      dispatcher,
      headers: { 'content-type': 'application/json', [INTERNAL_KEY_HEADER]: internalKey },
      body: JSON.stringify({ session }),
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS)
    })
    if (statusCode === 200) return body.json()
    await body.dump()
    throw new Error(`the token service answered ${statusCode}`)
  }

  return {
    async resolve(session) {
      const answer = await ask(session).catch((cause: unknown) => {
        throw new Fault('unavailable', { message: 'the token service gives no answer', cause })
      })
      if (answerShape.Check(answer)) return answer
      throw new Fault('unavailable', { message: 'the answer of the token service is not one' })
    },
    close: () => dispatcher.close()
  }
}

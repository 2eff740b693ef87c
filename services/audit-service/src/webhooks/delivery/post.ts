import { type Dispatcher, request } from 'undici'
import { connectionFailure, DeliveryFailure } from './delivery-failure.ts'

export interface Post {
  readonly dispatcher: Dispatcher
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly signal: AbortSignal
}

const GONE = 410
/** Answers that say something about the events and not about the moment. */
const REFUSALS: readonly number[] = [400, 413, 415, 422]

/** Posts a body; resolves when the receiver answered 2xx, throws `DeliveryFailure` otherwise. */
export async function post({ dispatcher, url, headers, body, signal }: Post): Promise<void> {
  const status = await send({ dispatcher, url, headers, body, signal }).catch((error: unknown) => {
    signal.throwIfAborted()
    throw connectionFailure(error)
  })
  if (status >= 200 && status < 300) return
  const isRedirect = status >= 300 && status < 400
  throw new DeliveryFailure(`answered ${status}${isRedirect ? ', and redirects are not followed' : ''}`, {
    isRefusal: REFUSALS.includes(status),
    isGone: status === GONE
  })
}

async function send({ dispatcher, url, headers, body, signal }: Post): Promise<number> {
  const answer = await request(url, { method: 'POST', dispatcher, headers, body, signal })
  // What is in it does not matter, and may be without end.
  await answer.body.dump({ limit: 64 * 1024, signal }).catch(() => undefined)
  return answer.statusCode
}

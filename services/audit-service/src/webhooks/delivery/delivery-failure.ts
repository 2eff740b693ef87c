/** Why events did not arrive, in words for whoever configured the webhook. Never what the receiver said in its body. */
export class DeliveryFailure extends Error {
  override readonly name = 'DeliveryFailure'
  /** The receiver does not want these events, and will not want them later either. */
  readonly isRefusal: boolean
  /** The receiver wants nothing any more. */
  readonly isGone: boolean

  constructor(message: string, options: { isRefusal?: boolean; isGone?: boolean; cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.isRefusal = options.isRefusal ?? false
    this.isGone = options.isGone ?? false
  }
}

const WORDS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'the name of the host is unknown',
  EAI_AGAIN: 'the name of the host cannot be resolved now',
  ECONNREFUSED: 'nobody listens there',
  ECONNRESET: 'the receiver broke the connection off',
  EPIPE: 'the receiver broke the connection off',
  ETIMEDOUT: 'the host does not answer',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  UND_ERR_CONNECT_TIMEOUT: 'the host does not answer',
  UND_ERR_HEADERS_TIMEOUT: 'the receiver took too long to answer',
  UND_ERR_BODY_TIMEOUT: 'the receiver took too long to answer',
  UND_ERR_SOCKET: 'the receiver broke the connection off',
  UND_ERR_RES_EXCEEDED_MAX_SIZE: 'the answer is too long'
}

/** Puts what went wrong with a connection into words that hold nothing of the sender's network but the address. */
export function connectionFailure(error: unknown): DeliveryFailure {
  if (error instanceof DeliveryFailure) return error
  const causes = causesOf(error)
  const forbidden = causes.find(({ name }) => name === 'ForbiddenTarget')
  if (forbidden !== undefined) return new DeliveryFailure(forbidden.message, { cause: error })
  const code = causes.map((cause) => cause.code).find((found) => found !== undefined)
  return new DeliveryFailure(WORDS[code ?? ''] ?? `the connection failed (${code ?? 'no reason is known'})`, {
    cause: error
  })
}

function causesOf(error: unknown): (Error & { code?: string })[] {
  if (error instanceof AggregateError) return [error, ...error.errors.flatMap(causesOf)]
  return error instanceof Error ? [error, ...causesOf(error.cause)] : []
}

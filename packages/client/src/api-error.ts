import { PROBLEM_CONTENT_TYPE, type Problem } from '@patgate/contracts'

/** The code of an answer that patgate did not write, such as the error page of a proxy in between. */
const FOREIGN_ANSWER = 'foreign_answer'

/** An answer of the API that is not a success, with its problem (RFC 9457). Decide by `code`, never by the text. */
export class ApiError extends Error {
  readonly problem: Problem
  /** From `Retry-After`, where the answer has one. */
  readonly retryAfterSeconds: number | null

  constructor(problem: Problem, retryAfterSeconds: number | null = null) {
    super(problem.detail ?? problem.title)
    this.name = 'ApiError'
    this.problem = problem
    this.retryAfterSeconds = retryAfterSeconds
  }

  get status(): number {
    return this.problem.status
  }

  get code(): string {
    return this.problem.code
  }
}

export async function apiErrorOf(response: Response): Promise<ApiError> {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
  return new ApiError(await problemOf(response), Number.isFinite(seconds) ? seconds : null)
}

async function problemOf(response: Response): Promise<Problem> {
  const isProblem = response.headers.get('content-type')?.startsWith(PROBLEM_CONTENT_TYPE) === true
  const body: unknown = isProblem ? await response.json().catch(() => null) : await response.body?.cancel()
  if (typeof body === 'object' && body !== null && 'code' in body) return body as Problem
  return {
    type: 'about:blank',
    title: `The answer ${response.status} did not come from patgate`,
    status: response.status,
    code: FOREIGN_ANSWER,
    request_id: ''
  }
}

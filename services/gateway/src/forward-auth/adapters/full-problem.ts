import { PROBLEM_CONTENT_TYPE } from '@patgate/contracts'
import type { ProblemAnswer } from '@patgate/service-kit'
import type { AdapterAnswer } from './adapter.ts'

/** The whole problem, for proxies that hand our answer to the client as it is. */
export function fullProblem({ status, headers, body }: ProblemAnswer): AdapterAnswer {
  return {
    status,
    headers: ['Content-Type', PROBLEM_CONTENT_TYPE, ...Object.entries(headers).flat()],
    body: JSON.stringify(body)
  }
}

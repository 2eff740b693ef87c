import type { ProblemAnswer } from '@patgate/service-kit'
import { describedBy } from '../original-request.ts'
import type { Adapter, AdapterAnswer } from './adapter.ts'

/**
 * nginx's `auth_request` knows 2xx, 401 and 403, turns everything else into 500, and passes on neither headers nor body
 * of a denial. The whole answer travels in three headers instead, from which an `error_page` can replay it.
 */
export const nginxAdapter: Adapter = {
  name: 'nginx',
  describe: ({ rawHeaders }) => describedBy(rawHeaders, 'x-original-method', 'x-original-uri'),
  hasWholeBody: () => true,
  removesHeaders: false,
  deny: (problem) => ({ status: problem.status === 401 ? 401 : 403, headers: replayHeaders(problem), body: '' })
}

function replayHeaders({ status, headers, body }: ProblemAnswer): AdapterAnswer['headers'] {
  return [
    ...Object.entries(headers).flat(),
    'Patgate-Status',
    String(status),
    'Patgate-Retry-After',
    headers['retry-after'] ?? '',
    'Patgate-Problem',
    asciiJson(body)
  ]
}

/** JSON that fits into a header line: everything beyond ASCII is escaped. */
function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
  )
}

import type { RecordedRequest, Teardown } from '@patgate/test-kit'
import { recordingUpstream } from '@patgate/test-kit'

export interface Answer {
  readonly status: number
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export interface ApiServer {
  readonly url: string
  readonly requests: readonly RecordedRequest[]
}

/** A small real HTTP server that gives these answers in turn, and the last one from then on. */
export async function apiServer(t: Teardown, ...answers: readonly [Answer, ...Answer[]]): Promise<ApiServer> {
  const waiting = [...answers]
  let answer: Answer = answers[0]
  return recordingUpstream(t, (_request, response) => {
    answer = waiting.shift() ?? answer
    const isText = typeof answer.body === 'string'
    response.writeHead(answer.status, { 'content-type': isText ? 'text/html' : 'application/json', ...answer.headers })
    response.end(isText || answer.body === undefined ? answer.body : JSON.stringify(answer.body))
  })
}

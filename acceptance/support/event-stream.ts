import { get, type IncomingMessage } from 'node:http'

/** Server-sent events as a client has them. */
export interface OpenEvents {
  readonly response: IncomingMessage
  /** All that has come so far, as it is written. */
  heard(): string
  /** When it ended: `NaN` unless the stream said that the right to it was lost. */
  readonly ended: Promise<number>
}

/** Connects with a token, on a connection of its own; rejects when the stream is refused. */
export async function openEvents(url: string, token: string): Promise<OpenEvents> {
  const headers = { authorization: `Bearer ${token}`, accept: 'text/event-stream' }
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(url, { headers, agent: false }, resolve).on('error', reject)
  })
  if (response.statusCode !== 200) throw new Error(`events were answered ${response.statusCode}`)
  let heard = ''
  response.setEncoding('utf8').on('data', (text: string) => {
    heard += text
  })
  const ended = new Promise<number>((resolve) => {
    response.on('end', () => resolve(heard.includes('event: revoked') ? performance.now() : Number.NaN))
  })
  return { response, heard: () => heard, ended }
}

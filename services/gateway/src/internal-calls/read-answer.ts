const MAX_ANSWER_BYTES = 1024 * 1024

/**
 * The JSON that another service has answered; null where it is not JSON. Throws when there is no end to it: a broken or
 * hostile peer must not fill the memory.
 */
export async function readAnswer(body: AsyncIterable<Buffer>, maxBytes = MAX_ANSWER_BYTES): Promise<unknown> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.length
    if (bytes > maxBytes) throw new Error(`the answer has more than ${maxBytes} bytes`)
    chunks.push(chunk)
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString())
  } catch {
    return null
  }
}

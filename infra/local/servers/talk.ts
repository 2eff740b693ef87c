import { connect } from 'node:net'

const answerWithinMs = 2_000

/** Says something to a loopback port and answers what comes back, as soon as it matches. */
export function converse(port: number, words: string, expected: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let heard = ''
    const socket = connect({ host: '127.0.0.1', port })
    socket.setEncoding('utf8')
    socket.setTimeout(answerWithinMs, () => socket.destroy(new Error(`port ${port} did not answer`)))
    socket.once('connect', () => socket.write(words))
    socket.on('data', (text: string) => {
      heard += text
      if (!expected.test(heard)) return
      socket.destroy()
      resolve(heard)
    })
    socket.once('error', reject)
    socket.once('close', () => reject(new Error(`port ${port} closed the connection`)))
  })
}

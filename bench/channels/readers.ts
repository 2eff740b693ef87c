import { connect, type Socket } from 'node:net'

/** What to connect to, how often, and what to say there. */
export interface ReadersOrder {
  readonly port: number
  readonly count: number
  readonly greeting: string
  /** Each is ready when it has heard this. */
  readonly until: string
}

/** Said when so many bytes have come since all were ready. */
export interface BytesOrder {
  readonly bytes: number
}

/**
 * A process of connections that read and count, and look at nothing: what is measured is who writes. The same one reads
 * from every system.
 */
let received = 0
let wanted = Number.POSITIVE_INFINITY

async function openOne({ port, greeting, until }: ReadersOrder): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>()
  const socket = connect({ port, host: '127.0.0.1' })
  let heard = ''
  const onGreeted = (chunk: Buffer): void => {
    heard += chunk.toString('latin1')
    if (!heard.includes(until)) return
    if (heard.startsWith('HTTP/') && !/^HTTP\/1\.1 (101|200) /.test(heard)) reject(new Error(`refused: ${heard}`))
    socket.off('data', onGreeted).on('data', count)
    resolve(socket)
  }
  socket.on('data', onGreeted).on('error', reject).write(greeting)
  return promise
}

function count(chunk: Buffer): void {
  received += chunk.length
  if (received < wanted) return
  wanted = Number.POSITIVE_INFINITY
  process.send?.({ received })
}

process.on('message', async (order: ReadersOrder | BytesOrder) => {
  if ('bytes' in order) {
    received = 0
    wanted = order.bytes
    process.send?.({ isCounting: true })
    return
  }
  for (let opened = 0; opened < order.count; opened += 100) {
    await Promise.all(Array.from({ length: Math.min(100, order.count - opened) }, () => openOne(order)))
  }
  process.send?.({ areReady: true })
})

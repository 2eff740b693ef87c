import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/**
 * - `pass`: as if nobody were there.
 * - `delay`: each piece is held back for a random time; connections overtake each other.
 * - `swallow`: connections stay open, and nothing comes through.
 * - `drop`: connections are cut, and new ones are cut at once.
 */
export type LinkMode = 'pass' | 'delay' | 'swallow' | 'drop'

/** A stretch of wire between two processes, which a test may break. */
export interface Link {
  /** From now on; what was swallowed before stays lost, and its connections with it. */
  become(mode: LinkMode): void
  /** From now on shows what clients send, piece by piece. */
  watch(onRequest: (piece: Buffer) => void): void
  close(): void
}

const MOST_DELAY_MS = 400

/** Listens at one loopback port and carries everything to another, which need not be there yet. */
export async function openLink(port: number, targetPort: number): Promise<Link> {
  const sockets = new Set<Socket>()
  let mode: LinkMode = 'pass'
  let onRequest: (piece: Buffer) => void = () => undefined

  const server = createServer((near) => {
    if (mode === 'drop') return near.destroy()
    const far = connect(targetPort, '127.0.0.1')
    near.on('data', (piece) => onRequest(piece))
    join(near, far)
  })

  function join(near: Socket, far: Socket): void {
    const cut = (): void => {
      near.destroy()
      far.destroy()
    }
    for (const [from, to] of [
      [near, far],
      [far, near]
    ] as const) {
      const carry = inOrder(to)
      sockets.add(from)
      from.on('error', cut)
      from.on('close', () => {
        sockets.delete(from)
        cut()
      })
      from.on('data', (piece) => {
        if (mode === 'drop') cut()
        // A stream with a hole is no stream: this connection ends with the mode that swallowed from it.
        else if (mode === 'swallow') from.removeAllListeners('data').resume()
        else carry(piece, mode === 'delay' ? randomInt(MOST_DELAY_MS) : 0)
      })
    }
  }

  function cutAll(): void {
    for (const socket of sockets) socket.destroy()
  }

  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    become(next) {
      if (next === 'drop' || mode === 'swallow') cutAll()
      mode = next
    },
    watch(next) {
      onRequest = next
    },
    close() {
      server.close()
      cutAll()
    }
  }
}

/** Writes pieces in the order in which they came, each not before its own delay is over. */
function inOrder(to: Socket): (piece: Buffer, delayMs: number) => void {
  let last = Promise.resolve()
  return (piece, delayMs) => {
    const { promise: isDue, resolve } = Promise.withResolvers<void>()
    if (delayMs === 0) resolve()
    else setTimeout(resolve, delayMs)
    last = last.then(() => isDue).then(() => void (to.writable && to.write(piece)))
  }
}

import { setTimeout as wait } from 'node:timers/promises'
import { type ConnectionOptions, connect, type NatsConnection } from '@nats-io/transport-node'

export interface BusOptions {
  /** A `nats://` address, with user and password where the server wants them. */
  readonly url: string
  /** Shown in the server's list of connections. */
  readonly name: string
  /** Told what happens to the connection, and why the first one cannot be made: each reason once, not at every attempt. */
  readonly onStatus?: (status: string) => void
}

/** A connection to NATS that is made in the background and made again whenever it breaks. */
export interface Bus {
  /** The connection once it has been made for the first time. Rejects only when the bus is closed before. */
  readonly connection: Promise<NatsConnection>
  /** True while the server is reachable. */
  isConnected(): boolean
  /** Sends what is buffered, then closes. */
  close(): Promise<void>
}

const RECONNECT_WAIT_MS = 250

/**
 * Opens the bus without waiting for the server: NATS is never the truth, and a service must start
 * (and answer what it can) while NATS is down (coherence.md, promise 6).
 */
export function openBus(options: BusOptions): Bus {
  let connected: NatsConnection | null = null
  let isUp = false
  const closing = new AbortController()
  const connection = connectUntil(closing.signal, options).then(async (made) => {
    if (closing.signal.aborted) {
      await made.close()
      closing.signal.throwIfAborted()
    }
    connected = made
    isUp = true
    void followStatus(made)
    return made
  })
  connection.catch(() => undefined)

  async function followStatus(made: NatsConnection): Promise<void> {
    for await (const { type } of made.status()) {
      if (type === 'disconnect') isUp = false
      if (type === 'reconnect') isUp = true
      options.onStatus?.(type)
    }
    isUp = false
  }

  return {
    connection,
    isConnected: () => isUp,
    async close() {
      closing.abort(new Error('the bus was closed before its first connection'))
      if (connected === null) return
      // Draining needs a server; without one, what is buffered is lost anyway and kept by its sender.
      await (isUp ? connected.drain() : connected.close())
    }
  }
}

/** Tries until the server answers. The library's own waiting cannot be ended, and would keep a process alive that wants to stop. */
async function connectUntil(closing: AbortSignal, options: BusOptions): Promise<NatsConnection> {
  const servers = connectionOptions(options)
  let lastReason = ''
  for (;;) {
    closing.throwIfAborted()
    try {
      return await connect(servers)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      if (reason !== lastReason) options.onStatus?.(`not connected: ${reason}`)
      lastReason = reason
      await wait(RECONNECT_WAIT_MS, undefined, { signal: closing }).catch(() => undefined)
    }
  }
}

function connectionOptions(options: BusOptions): ConnectionOptions {
  const url = new URL(options.url)
  return {
    servers: `${url.hostname}:${url.port || '4222'}`,
    ...(url.username === '' ? {} : { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) }),
    name: options.name,
    maxReconnectAttempts: -1,
    reconnectTimeWait: RECONNECT_WAIT_MS,
    reconnectJitter: RECONNECT_WAIT_MS,
    pingInterval: 10_000
  }
}

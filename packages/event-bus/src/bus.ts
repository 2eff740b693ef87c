import { connect, type NatsConnection } from '@nats-io/transport-node'

export interface BusOptions {
  /** A `nats://` address, with user and password where the server wants them. */
  readonly url: string
  /** Shown in the server's list of connections. */
  readonly name: string
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
  const url = new URL(options.url)
  const attempt = connect({
    servers: `${url.hostname}:${url.port || '4222'}`,
    ...(url.username === '' ? {} : { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) }),
    name: options.name,
    waitOnFirstConnect: true,
    maxReconnectAttempts: -1,
    reconnectTimeWait: RECONNECT_WAIT_MS,
    reconnectJitter: RECONNECT_WAIT_MS,
    pingInterval: 10_000
  })
  const connection = attempt.then((made) => {
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
      if (connected === null) return
      // Draining needs a server; without one, what is buffered is lost anyway and kept by its sender.
      await (isUp ? connected.drain() : connected.close())
    }
  }
}

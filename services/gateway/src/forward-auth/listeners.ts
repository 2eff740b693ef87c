import { once } from 'node:events'
import { chmodSync, lstatSync, rmSync } from 'node:fs'
import type { Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { promisify } from 'node:util'
import { ServerCredentials } from '@grpc/grpc-js'
import type { Config } from '../config.ts'
import { createLimitedServer } from '../guard/http-server.ts'
import { createAuthorizationServer } from './envoy-grpc/authorization-server.ts'
import { createForwardAuth, type ForwardAuthOptions } from './forward-auth.ts'

/** Ports and a socket that serve forward-auth and nothing else: whoever reaches them reaches nothing of the gateway. */
export interface ForwardAuthListeners {
  open(): Promise<void>
  /** Where they listen, once they do; null for what is not configured. */
  readonly ports: { readonly http: number | null; readonly grpc: number | null }
  close(): Promise<void>
}

type ListenersConfig = Pick<Config, 'host' | 'forwardAuthPort' | 'forwardAuthSocket' | 'envoyGrpcPort'>

/** The owner and the group of the socket's file may call; the proxy's user has to be one of them. */
const SOCKET_MODE = 0o660

export function createForwardAuthListeners(config: ListenersConfig, options: ForwardAuthOptions): ForwardAuthListeners {
  const { overTcp, overUnixSocket } = createForwardAuth(options)
  const servers: Server[] = []
  const grpc = config.envoyGrpcPort === null ? null : createAuthorizationServer(options)
  const ports: { http: number | null; grpc: number | null } = { http: null, grpc: null }

  async function listen(server: Server, where: object): Promise<Server> {
    servers.push(server)
    server.listen(where)
    await once(server, 'listening')
    return server
  }

  return {
    ports,
    async open() {
      const { host, forwardAuthPort, forwardAuthSocket, envoyGrpcPort } = config
      if (forwardAuthPort !== null) {
        const server = await listen(createLimitedServer(overTcp), { host, port: forwardAuthPort })
        ports.http = (server.address() as AddressInfo).port
      }
      if (forwardAuthSocket !== null) {
        await removeAbandoned(forwardAuthSocket)
        await listen(createLimitedServer(overUnixSocket), { path: forwardAuthSocket })
        chmodSync(forwardAuthSocket, SOCKET_MODE)
      }
      if (grpc !== null) {
        const bind = promisify(grpc.bindAsync.bind(grpc))
        ports.grpc = await bind(`${host}:${envoyGrpcPort}`, ServerCredentials.createInsecure())
      }
    },
    async close() {
      const closing = servers.map((server) => once(server, 'close'))
      for (const server of servers) {
        server.close()
        server.closeIdleConnections()
      }
      await Promise.all(closing)
      if (grpc !== null) await promisify(grpc.tryShutdown.bind(grpc))()
    }
  }
}

/** A gateway that was killed leaves its socket behind; one that still answers is somebody's, and listening fails. */
async function removeAbandoned(path: string): Promise<void> {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSocket() !== true) return
  const probe = connect(path)
  const isAnswered = await once(probe, 'connect').then(
    () => true,
    () => false
  )
  probe.destroy()
  if (!isAnswered) rmSync(path)
}

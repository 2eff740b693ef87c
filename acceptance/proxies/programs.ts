import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort, unpackDebianPackage } from '@patgate/local'
import { startProgram } from '../support/program.ts'

interface Teardown {
  teardown(handler: () => Promise<void>): void
}

/** Who is to be asked, and whom a request is for: host and port. */
export interface Addresses {
  readonly patgate: string
  readonly application: string
}

interface ProxyProgram {
  readonly debian: { readonly name: string; readonly program: string }
  /** Runs in a copy of the example's folder, and changes nothing but addresses, by the example's own means. */
  command(folder: string, listen: string, addresses: Addresses): Promise<{ args: string[]; env: NodeJS.ProcessEnv }>
}

const LISTENS_WITHIN_MS = 20_000

export const PROXIES = {
  nginx: {
    debian: { name: 'nginx', program: 'usr/sbin/nginx' },
    async command(folder, listen, { patgate, application }) {
      const upstream = (name: string, address: string) => `upstream ${name} { server ${address}; keepalive 16; }\n`
      const addresses = upstream('patgate', patgate) + upstream('application', application)
      await writeFile(join(folder, 'addresses.conf'), addresses)
      await writeFile(join(folder, 'listen.conf'), `listen ${listen};\n`)
      return { args: ['-p', folder, '-c', join(folder, 'nginx.conf')], env: {} }
    }
  },
  caddy: {
    debian: { name: 'caddy', program: 'usr/bin/caddy' },
    command: async (folder, listen, { patgate, application }) => ({
      args: ['run', '--config', join(folder, 'Caddyfile'), '--adapter', 'caddyfile'],
      env: { LISTEN: listen, PATGATE: patgate, APPLICATION: application, HOME: folder, XDG_DATA_HOME: folder }
    })
  },
  haproxy: {
    debian: { name: 'haproxy', program: 'usr/sbin/haproxy' },
    command: async (folder, listen, { patgate, application }) => ({
      args: ['-db', '-f', join(folder, 'haproxy.cfg')],
      env: { LISTEN: listen, PATGATE: patgate, APPLICATION: application, PATGATE_LUA: join(folder, 'patgate.lua') }
    })
  }
} as const satisfies Record<string, ProxyProgram>

export type ProxyName = keyof typeof PROXIES

/** Runs the real proxy with the example of `infra/examples`; answers its address when it listens. */
export async function startProxy(t: Teardown, name: ProxyName, addresses: Addresses): Promise<string> {
  const { debian, command } = PROXIES[name]
  const { root, env: libraries } = await unpackDebianPackage(debian.name)
  const folder = await mkdtemp(join(tmpdir(), `patgate-${name}-`))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  await cp(fileURLToPath(new URL(`../../infra/examples/${name}`, import.meta.url)), folder, { recursive: true })
  const port = await freePort()
  const { args, env } = await command(folder, `127.0.0.1:${port}`, addresses)
  await startProgram(t, {
    name,
    file: join(root, debian.program),
    args,
    cwd: folder,
    env: { ...libraries, ...env },
    ports: [port],
    listensWithinMs: LISTENS_WITHIN_MS
  })
  return `http://127.0.0.1:${port}`
}

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { unpackDebianPackage } from '@patgate/local'

/** The clients of Mosquitto, from Debian's package, unpacked without root. */
export interface Mosquitto {
  /** What a shell needs to find them. */
  readonly env: NodeJS.ProcessEnv
  start(program: 'mosquitto_pub' | 'mosquitto_sub', args: readonly string[]): ChildProcess
  /** Runs to the end; answers the status, and everything that was printed. */
  run(program: 'mosquitto_pub' | 'mosquitto_sub', args: readonly string[]): Promise<{ status: number; printed: string }>
}

export async function openMosquitto(): Promise<Mosquitto> {
  const { root, env: libraries } = await unpackDebianPackage('mosquitto-clients')
  const folder = join(root, 'usr', 'bin')
  const env = { ...process.env, ...libraries, PATH: `${folder}:${process.env.PATH}` }
  const start: Mosquitto['start'] = (program, args) =>
    spawn(join(folder, program), args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  return {
    env,
    start,
    async run(program, args) {
      const child = start(program, args)
      let printed = ''
      for (const stream of [child.stdout, child.stderr]) {
        stream?.on('data', (bytes: Buffer) => {
          printed += bytes.toString()
        })
      }
      const [status] = await once(child, 'close')
      return { status: status as number, printed }
    }
  }
}

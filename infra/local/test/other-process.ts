import { spawn } from 'node:child_process'
import { once } from 'node:events'

interface Teardown {
  teardown(handler: () => void): void
}

/** Another process of Node.js. It lives as long as the test if its script reads from its standard input. */
export interface OtherProcess {
  tell(line: string): void
  /** The next line that it prints, which is JSON. */
  hear<T>(): Promise<T>
}

export function otherProcess(t: Teardown, script: string): OtherProcess {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['pipe', 'pipe', 'inherit']
  })
  t.teardown(() => child.kill())
  return {
    tell: (line) => void child.stdin.write(`${line}\n`),
    hear: async () => JSON.parse(String((await once(child.stdout, 'data'))[0]))
  }
}

import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A command line that runs as an ordinary user, whoever starts it. */
export interface Unprivileged {
  command: string
  args: string[]
  uid?: number
  gid?: number
}

/** The user as whom a server runs that refuses to be root: present on every machine, owner of nothing. */
const userName = 'nobody'

/**
 * PostgreSQL refuses to run as root. For an ordinary user this changes nothing; root runs the command as `nobody`.
 * Where that user cannot reach the files (a checkout below `/root`), it keeps one capability of root's, to pass
 * through folders, for this command alone.
 */
export async function asOrdinaryUser(command: string, args: string[], reaches: string[]): Promise<Unprivileged> {
  const user = ordinaryUser()
  if (user === undefined) return { command, args }
  const isReachable = await Promise.all(
    reaches.map((path) =>
      run('test', ['-x', path], { uid: user.uid, gid: user.gid }).then(
        () => true,
        () => false
      )
    )
  )
  if (!isReachable.includes(false)) return { command, args, ...user }
  const capability = [
    '--inh-caps',
    '-all,+dac_override',
    '--ambient-caps',
    '-all,+dac_override',
    '--bounding-set',
    '-all,+dac_override'
  ]
  // Without this bit access(2) answers as if the user had no capability, and PostgreSQL asks it about its own files.
  const access = ['--securebits', '+no_setuid_fixup']
  const identity = [`--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups']
  return { command: 'setpriv', args: [...identity, ...capability, ...access, '--', command, ...args] }
}

/** The user who must own the server's files: `nobody` when we are root, otherwise undefined (ourselves). */
export function ordinaryUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const entry = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .find(([name]) => name === userName)
  if (entry === undefined) throw new Error(`PostgreSQL cannot run as root, and there is no user ${userName}`)
  return { uid: Number(entry[2]), gid: Number(entry[3]) }
}

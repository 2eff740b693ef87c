/**
 * What happens when the session ends while somebody works: the call that noticed waits, a dialog asks them to sign in
 * again, and then the call is made once more. What they typed stays where it is.
 */
export interface Renewal {
  /** Resolves the calls that wait; they are sent again. */
  renewed(): void
  /** Lets the calls that wait fail as they did. */
  givenUp(): void
}

let waiting: (Renewal & { readonly outcome: Promise<boolean> }) | null = null
const listeners = new Set<() => void>()

export const sessionRenewal = {
  /** The dialog's work, if there is any; for `useSyncExternalStore`. */
  current: (): Renewal | null => waiting,
  subscribe(listener: () => void): () => void {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }
}

/** `fetch`, with one more try after signing in again when the session is over. */
export const fetchWithSession: typeof fetch = async (input, init) => {
  const response = await fetch(input, init)
  if (response.status !== 401 || !(await isSessionOver(response.clone()))) return response
  return (await renew()) ? fetch(input, init) : response
}

/** A wrong password is a 401 too, and no reason to ask again. */
async function isSessionOver(response: Response): Promise<boolean> {
  const problem: unknown = await response.json().catch(() => null)
  return typeof problem === 'object' && problem !== null && 'code' in problem && problem.code === 'invalid_token'
}

/** One dialog for all the calls that fail together. */
function renew(): Promise<boolean> {
  if (waiting === null) {
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const end = (isRenewed: boolean) => (): void => {
      waiting = null
      resolve(isRenewed)
      tell()
    }
    waiting = { outcome: promise, renewed: end(true), givenUp: end(false) }
    tell()
  }
  return waiting.outcome
}

function tell(): void {
  for (const listener of listeners) listener()
}

/** Where single sign-on begins; it ends at `returnTo`, a path of the console. */
export function singleSignOnAddress(returnTo: string): string {
  return `/v1/oidc/start?${new URLSearchParams({ return_to: returnTo })}`
}

/** Says in one window of the console that somebody has signed in in another. */
const CHANNEL = 'patgate-signed-in'
export const SIGNED_IN_PATH = '/console/signed-in'

export function announceSignedIn(): void {
  const channel = new BroadcastChannel(CHANNEL)
  channel.postMessage('signed in')
  channel.close()
}

/** Calls back once for each window that has signed in; answers how to stop listening. */
export function onSignedInElsewhere(callback: () => void): () => void {
  const channel = new BroadcastChannel(CHANNEL)
  channel.onmessage = callback
  return () => channel.close()
}

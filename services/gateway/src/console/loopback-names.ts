const LOOPBACK = /^(?:localhost|127\.0\.0\.1|\[::1\])(?<port>:[0-9]+)?$/i

/** True for two different names of one port of this machine, such as `localhost:8380` and `127.0.0.1:8380`. */
export function sameLoopback(host: string, other: string): boolean {
  if (host.toLowerCase() === other.toLowerCase()) return false
  const [one, two] = [LOOPBACK.exec(host), LOOPBACK.exec(other)]
  return one !== null && two !== null && one.groups?.port === two.groups?.port
}

import { canonicalise, Fault, type Rewrite } from '@patgate/service-kit'

/** The path the upstream sees; after a change it must be as canonical as before (security-cases.md, P12). */
export function rewritePath(path: string, rewrite: Rewrite | null): string {
  if (rewrite === null) return path
  const { stripPrefix, prefix } = rewrite
  const isUnder = path === stripPrefix || path.startsWith(`${stripPrefix}/`)
  const rewritten = isUnder ? `${prefix}${path.slice(stripPrefix.length)}` || '/' : path
  const canonical = canonicalise(rewritten)
  if (canonical.ok && canonical.target.path === rewritten && canonical.target.query === '') return rewritten
  throw new Fault('invalid_request', { message: 'a rewritten path is not canonical' })
}

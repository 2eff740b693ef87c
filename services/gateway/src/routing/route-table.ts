import type { RoleLadder } from '@patgate/domain'
import { buildRouteTree, isReservedPath, type LivePatgateFile, type Match } from '@patgate/service-kit'
import type { UpstreamPools } from '../proxy/upstream-pools.ts'
import { type CompiledRoute, compileRoute } from './compile-route.ts'

/** The routes of `patgate.yaml` in force. A match holds all that its request needs, so a reload changes nothing for it. */
export interface RouteTable {
  /** Null where no route matches: the default is to deny. */
  match(canonicalPath: string): Match<CompiledRoute> | null
  /** What each role may do. */
  ladder(): RoleLadder
}

export interface RouteTableOptions {
  readonly file: LivePatgateFile
  readonly upstreams: UpstreamPools
  readonly tokenPrefix: string
}

export function openRouteTable({ file, upstreams, tokenPrefix }: RouteTableOptions): RouteTable {
  const tree = file.derive(({ routes, ladder }) =>
    buildRouteTree(
      routes.map((rule) => [
        rule.pattern,
        compileRoute(rule, { tokenPrefix, ladder, upstream: upstreams.of(rule.upstream) })
      ])
    )
  )
  file.onChange((changed) => upstreams.keepOnly(changed.upstreams.values()))
  return {
    match: (path) => (isReservedPath(path) ? null : tree().match(path)),
    ladder: () => file.current.ladder
  }
}

import { type App, Fault } from '@patgate/service-kit'

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

/** Answers 405 with `Allow` where the path is known and the method is not, before any look at the credential. */
export function refuseOtherMethods(app: App): void {
  const methodsOf = Map.groupBy(app.declaredPolicies, ({ url }) => url)
  for (const [url, declared] of methodsOf) {
    const known = new Set(declared.flatMap(({ method }) => method.split(',')))
    const allow = [...known].sort().join(', ')
    app.route({
      method: METHODS.filter((method) => !known.has(method)),
      url,
      config: { policy: 'public' },
      handler: async () => {
        throw new Fault('method_not_allowed', { detail: `Allowed here: ${allow}`, headers: { allow } })
      }
    })
  }
}

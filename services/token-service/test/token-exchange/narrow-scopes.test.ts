import { ANY, type Ask, compileScopes, covers, OPERATIONS, type Scope } from '@patgate/domain'
import fc from 'fast-check'
import { test } from 'tap'
import { narrowScopes } from '../../src/token-exchange/narrow-scopes.ts'

const group = fc.constantFrom('crew', 'harbour')
const address = { entityType: fc.constantFrom('dashboard', 'dataset'), entityId: fc.constantFrom('a', 'b', ANY) }
const operation = fc.constantFrom(...OPERATIONS.slice(0, 3))
const right: fc.Arbitrary<Scope> = fc.record({
  group,
  ...address,
  operations: fc.uniqueArray(operation, { minLength: 1 })
})
const ask: fc.Arbitrary<Ask> = fc.record({ group: fc.oneof(group, fc.constant(ANY)), ...address, operation })
const single = (of: Ask): Scope => ({ ...of, operations: [of.operation] })

test('what comes out is asked for and allowed, and nothing that is both is missing', async () => {
  const probes = fc.record({ group, ...address, operation })
  fc.assert(
    fc.property(fc.array(right), fc.array(ask), probes, (rights, asks, probe) => {
      const narrowed = compileScopes(narrowScopes(rights, asks))
      const isBoth = covers(compileScopes(rights), probe) && covers(compileScopes(asks.map(single)), probe)
      return covers(narrowed, probe) === isBoth
    }),
    { numRuns: 2_000 }
  )
})

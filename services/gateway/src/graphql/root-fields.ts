import { Kind, type OperationDefinitionNode, type SelectionSetNode } from 'graphql'
import { type Fragments, fragmentNamed } from './document-shape.ts'

/**
 * The root fields of an operation as an executor collects them (specification, `CollectFields`): fragments are
 * followed once each, and selections with one response key run once. `@skip` and `@include` are taken as if they
 * let everything through, so what is decided on is never less than what runs.
 */
export function collectRootFields(operation: OperationDefinitionNode, fragments: Fragments): readonly string[] {
  const fieldByKey = new Map<string, string>()
  const followed = new Set<string>()

  function collect(set: SelectionSetNode): void {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) {
        const name = selection.name.value
        // Keyed by both: two fields under one key would not validate, and each of them must be allowed.
        fieldByKey.set(`${selection.alias?.value ?? name}:${name}`, name)
      } else if (selection.kind === Kind.INLINE_FRAGMENT) collect(selection.selectionSet)
      else if (!followed.has(selection.name.value)) {
        followed.add(selection.name.value)
        collect(fragmentNamed(fragments, selection.name.value).selectionSet)
      }
    }
  }

  collect(operation.selectionSet)
  return [...fieldByKey.values()]
}

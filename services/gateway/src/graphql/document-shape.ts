import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
  visit
} from 'graphql'
import { unclear } from './unclear.ts'

export type Fragments = ReadonlyMap<string, FragmentDefinitionNode>

/** The fragments of an executable document by name; anything but operations and fragments is refused. */
export function fragmentsOf(document: DocumentNode): Fragments {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const definition of document.definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION) continue
    if (definition.kind !== Kind.FRAGMENT_DEFINITION) throw unclear('A document to execute defines no types')
    const name = definition.name.value
    if (fragments.has(name)) throw unclear('Two fragments of the document have the same name')
    fragments.set(name, definition)
  }
  return fragments
}

export function fragmentNamed(fragments: Fragments, name: string): FragmentDefinitionNode {
  const fragment = fragments.get(name)
  if (fragment === undefined) throw unclear('The document spreads a fragment that it does not define')
  return fragment
}

export function countAliases(document: DocumentNode): number {
  let aliases = 0
  visit(document, {
    Field(field) {
      if (field.alias !== undefined) aliases++
    }
  })
  return aliases
}

/**
 * The most levels of selection sets that any definition reaches, its fragments followed. Each fragment is measured
 * once, so the time is that of reading the document, however often it spreads them.
 */
export function deepestLevel(document: DocumentNode, fragments: Fragments): number {
  const levels = new Map<string, number>()

  function levelsOfFragment(name: string): number {
    const measured = levels.get(name)
    if (Number.isNaN(measured)) throw unclear('A fragment of the document contains itself')
    if (measured !== undefined) return measured
    levels.set(name, UNDER_WAY)
    const found = levelsOf(fragmentNamed(fragments, name).selectionSet)
    levels.set(name, found)
    return found
  }

  function levelsOf(set: SelectionSetNode): number {
    return 1 + Math.max(0, ...set.selections.map(levelsBelow))
  }

  /** A fragment stands for its fields, so it is no level of its own. */
  function levelsBelow(selection: SelectionNode): number {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return levelsOfFragment(selection.name.value) - 1
    if (selection.kind === Kind.INLINE_FRAGMENT) return levelsOf(selection.selectionSet) - 1
    return selection.selectionSet === undefined ? 0 : levelsOf(selection.selectionSet)
  }

  let deepest = 0
  for (const definition of document.definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION) deepest = Math.max(deepest, levelsOf(definition.selectionSet))
    else if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      deepest = Math.max(deepest, levelsOfFragment(definition.name.value))
    }
  }
  return deepest
}

/** What stands for a fragment's levels while they are measured: meeting it again is a cycle. */
const UNDER_WAY = Number.NaN

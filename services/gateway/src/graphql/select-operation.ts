import type { DocumentOperation, ReadDocument } from './document.ts'
import { unclear } from './unclear.ts'

/**
 * The operation that will run (specification, `GetOperation`): without a name the only one there is, with a name the
 * one that has it. An empty name is a name, which no operation has.
 */
export function selectOperation(document: ReadDocument, operationName: string | null): DocumentOperation {
  const [first, ...others] = document.operations
  if (first === undefined) throw unclear('The document has no operation')
  if (operationName === null) {
    if (others.length > 0) throw unclear('The document has several operations: name one in operationName')
    return first
  }
  const named = document.operations.find(({ name }) => name === operationName)
  if (named === undefined) throw unclear('The document has no operation of the name in operationName')
  return named
}

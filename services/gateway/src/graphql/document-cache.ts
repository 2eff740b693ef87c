import { hash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { type ReadDocument, readDocument } from './document.ts'
import type { GraphqlLimits } from './graphql-limits.ts'

/** Reads documents, and remembers what it read by the SHA-256 of their text. Refused ones are not remembered. */
export interface DocumentCache {
  read(text: string): ReadDocument
}

/** Root fields that the remembered documents may have on average; larger ones push out more of the others. */
const AVERAGE_WEIGHT = 20

export function createDocumentCache(limits: GraphqlLimits): DocumentCache {
  const documents = new LRUCache<string, ReadDocument>({
    max: limits.remembered,
    maxSize: limits.remembered * AVERAGE_WEIGHT,
    sizeCalculation: weightOf
  })
  return {
    read(text) {
      const key = hash('sha256', text)
      const remembered = documents.get(key)
      if (remembered !== undefined) return remembered
      const document = readDocument(text, limits)
      documents.set(key, document)
      return document
    }
  }
}

function weightOf({ operations }: ReadDocument): number {
  return operations.reduce((weight, { rootFields }) => weight + 1 + rootFields.length, 1)
}

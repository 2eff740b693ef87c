export { BASE62_ALPHABET } from './base62.ts'
export {
  digestOf,
  hintOf,
  isWellFormedToken,
  mintToken,
  PREFIX_PATTERN,
  type RandomSource,
  redactTokens
} from './token-string.ts'

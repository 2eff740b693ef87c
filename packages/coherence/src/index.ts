export {
  ChangeFollower,
  type FollowerOptions,
  type Predecessor,
  type RenewalAnswer,
  type RenewalInFlight
} from './change-follower.ts'
export { type Change, ChangeMemory, isTouchedBy, type Keys } from './change-memory.ts'
export { type Holder, type HolderOptions, type HolderTransport, startHolder } from './holder.ts'
export { type Instant, type InstantClock, systemInstantClock } from './instant.ts'
export { Lease } from './lease.ts'
export { type LeaseRow, PropagationWait, WAIT_MARGIN_MS } from './propagation-wait.ts'
export {
  type Fill,
  type FillOutcome,
  type Remembered,
  SnapshotCache,
  type SnapshotCacheOptions
} from './snapshot-cache.ts'
export { type Resolve, SnapshotReader, type SnapshotReaderOptions } from './snapshot-reader.ts'
export { mayAnswerFromStore, type StoredAnswer, type StoredAnswerRules } from './stored-answer.ts'
export { type AnswerStore, StoredAnswerReader, type StoredAnswerReaderOptions } from './stored-answer-reader.ts'

/** What can be wrong with the log; a closed list, for alerts to tell apart. */
export type FindingCode =
  | 'checkpoint_unreadable'
  | 'log_shrank'
  | 'not_consistent'
  | 'tile_damaged'
  | 'tile_changed'
  | 'event_missing'
  | 'event_repeated'
  | 'event_changed'
  | 'event_unexpected'

/** Something that cannot be without somebody having changed the database, or the folder, behind the service's back. */
export interface Finding {
  readonly code: FindingCode
  /** What is wrong and where, in words. */
  readonly message: string
}

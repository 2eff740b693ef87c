import { type Call, type RecordCallDeps, recordCall } from '../own-events/record-call.ts'

export type RecordReadDeps = RecordCallDeps

export interface Read extends Omit<Call, 'type'> {
  /** What kind of reading; `audit.read` unless said. */
  readonly type?: 'audit.read' | 'audit.exported'
}

/** Records that somebody reads the log, before they get to see what they read. Names of filters, never their values. */
export function recordRead(deps: RecordReadDeps, read: Read): Promise<void> {
  return recordCall(deps, { type: 'audit.read', ...read })
}

import { fsyncSync } from 'node:fs'
import { dirname } from 'node:path'
import { createEnvelope } from './envelope.ts'
import { createGroupBuffer } from './group.ts'
import { gapEvent } from './own-events.ts'
import type { RecoverOptions } from './recover.ts'
import { newSegment, type Segment } from './segment.ts'
import { createSegmentFile } from './segment-file.ts'

/**
 * Writes one `audit.gap` for each number that was lost before `next`. Without them the audit service would wait for the
 * numbers for ever, and nothing behind them could be forgotten.
 */
export function fillHole(firstSeq: number, next: Segment, { producer, nowMs, onMended }: RecoverOptions): Segment {
  const file = createSegmentFile(newSegment(dirname(next.path), next.boot, firstSeq))
  const envelope = createEnvelope(producer, next.boot)
  const event = gapEvent(producer, { reason: 'spool_damaged', count: 1, from: null, to: null })
  const buffer = createGroupBuffer()
  for (let seq = firstSeq; seq < next.firstSeq; seq++) {
    buffer.add(seq, 'kept', envelope(event, seq, nowMs), null)
    file.append(buffer.bytes())
    buffer.finish(null)
    file.segment.lastSeq = seq
  }
  fsyncSync(file.fd)
  file.close()
  onMended({ kind: 'filled', boot: next.boot, firstSeq, lastSeq: file.segment.lastSeq })
  return file.segment
}

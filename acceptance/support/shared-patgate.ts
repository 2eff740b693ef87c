import { t as root } from 'tap'
import { type Patgate, startPatgate } from './patgate.ts'

let running: Promise<Patgate> | null = null

/**
 * The patgate that the tests of one process have together, with two gateways: starting one costs more than most of what
 * is asked of it. A test that stops, breaks or restarts something leaves it as it found it, or starts its own.
 */
export function sharedPatgate(): Promise<Patgate> {
  running ??= startPatgate(root, { gateways: 2 })
  return running
}

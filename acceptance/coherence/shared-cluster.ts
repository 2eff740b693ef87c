import { t as root } from 'tap'
import { type Cluster, startCluster } from './cluster.ts'

let running: Promise<Cluster> | null = null

/**
 * The cluster that the tests of one process have together. Whatever a test breaks in it is whole again when the test ends;
 * that it is as good as before is part of what is tested.
 */
export function sharedCluster(): Promise<Cluster> {
  running ??= startCluster(root)
  return running
}

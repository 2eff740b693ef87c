import type { Queue } from 'bullmq'

/**
 * Makes way for a job of the name `jobId`. A Redis that lost a part of what it had may keep a job that is in no list any
 * more: it would never run, and as long as it is there no other can have its name. A job that waits or runs is left alone.
 */
export async function removeStranded(queue: Queue, jobId: string): Promise<void> {
  if ((await queue.getJobState(jobId)) === 'unknown') await queue.remove(jobId)
}

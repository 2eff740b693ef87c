/** BullMQ queues and the jobs on them. */
export const QUEUES = {
  tokenMaintenance: 'patgate-token-maintenance'
} as const

export const JOBS = {
  expirySweep: 'expiry-sweep'
} as const

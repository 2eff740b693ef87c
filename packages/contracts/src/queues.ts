/** BullMQ queues and the jobs on them. */
export const QUEUES = {
  tokenMaintenance: 'patgate-token-maintenance',
  auditExports: 'patgate-audit-exports',
  auditWebhooks: 'patgate-audit-webhooks'
} as const

export const JOBS = {
  expirySweep: 'expiry-sweep',
  leftoverTokens: 'leftover-tokens',
  auditExport: 'audit-export',
  webhookForward: 'webhook-forward',
  webhookRetry: 'webhook-retry',
  expiryNotices: 'expiry-notices',
  mailDelivery: 'mail-delivery',
  retentionPurge: 'retention-purge',
  changePruning: 'change-pruning',
  sessionPruning: 'session-pruning',
  usagePruning: 'usage-pruning',
  keyPruning: 'idempotency-key-pruning'
} as const

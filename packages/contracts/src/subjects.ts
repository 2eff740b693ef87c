/** NATS subjects (coherence.md, "Who may speak"; audit.md, "Durability"). */
export const SUBJECTS = {
  /** Changes of what somebody may do; only the token service publishes. */
  changes: 'patgate.changes',
  /** Acknowledgements of changes by their holders. */
  changesAck: 'patgate.changes.ack',
  /** Management events, relayed from the change log. */
  auditManagement: 'patgate.audit.management',
  /** Access events of the gateways, in batches. */
  auditAccess: 'patgate.audit.access',
  /** How far the audit service has committed, per producer and boot. */
  auditCommitted: 'patgate.audit.committed',
  /** A producer asks how far it is committed; the answer is an announcement. */
  auditPosition: 'patgate.audit.position',
  /** Producers tell that they live, and the number of their last event. */
  auditHeartbeat: 'patgate.audit.heartbeat',
  /** What gateways counted of accepted uses; only they publish. */
  usage: 'patgate.usage'
} as const

/** The one JetStream stream of audit events, and the audit service's durable consumer on it. */
export const AUDIT_STREAM = {
  name: 'PATGATE_AUDIT',
  subjects: [SUBJECTS.auditManagement, SUBJECTS.auditAccess],
  consumer: 'audit-service'
} as const

/** The JetStream stream of usage reports; a report leaves it once the token services' durable consumer has it. */
export const USAGE_STREAM = {
  name: 'PATGATE_USAGE',
  subjects: [SUBJECTS.usage],
  consumer: 'token-service'
} as const

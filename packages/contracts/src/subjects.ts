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

/**
 * The JetStream stream of all messages on channels, in an account of its own that gateways alone enter
 * (`infra/nats/nats.conf`).
 */
export const CHANNEL_STREAM = { name: 'PATGATE_CHANNELS', subjects: ['m.*.c.>'] } as const

/**
 * Where messages of MQTT and NATS clients come in; `CHANNEL_STREAM` copies them. It is in the account beside it: what
 * gateways ask of JetStream there begins with `api`, and it delivers under `deliver`.
 */
export const INTAKE_STREAM = {
  name: 'PATGATE_CHANNELS_INTAKE',
  subjects: ['m.*.c.>'],
  api: 'INTAKE.API',
  deliver: 'intake'
} as const

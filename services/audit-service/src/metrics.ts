import { Counter, Gauge, type Registry } from 'prom-client'

export interface AuditMetrics {
  readonly eventsStored: Counter
  readonly parked: Counter
  readonly lagSeconds: Gauge
  readonly messagesPending: Gauge
  readonly tampered: Counter<'finding'>
  readonly webhookDeliveries: Counter<'outcome'>
  readonly gaps: Counter<'reason'>
  readonly openGaps: Gauge<'reason'>
}

export function createAuditMetrics(registry: Registry): AuditMetrics {
  const registers = [registry]
  return {
    eventsStored: new Counter({
      name: 'patgate_audit_events_stored_total',
      help: 'Events stored for the first time',
      registers
    }),
    parked: new Counter({
      name: 'patgate_audit_parked_total',
      help: 'Messages and events that could not be understood or stored, and were kept aside',
      registers
    }),
    lagSeconds: new Gauge({
      name: 'patgate_audit_lag_seconds',
      help: 'Age of the oldest event of the last batch when it was committed',
      registers
    }),
    messagesPending: new Gauge({
      name: 'patgate_audit_messages_pending',
      help: 'Messages that wait in the stream behind the last batch',
      registers
    }),
    tampered: new Counter({
      name: 'patgate_audit_tampered_total',
      help: 'Findings that somebody changed the log behind the service',
      labelNames: ['finding'],
      registers
    }),
    webhookDeliveries: new Counter({
      name: 'patgate_audit_webhook_deliveries_total',
      help: 'Events sent to webhooks: delivered, failed and to be sent again, or given up (dead)',
      labelNames: ['outcome'],
      registers
    }),
    gaps: new Counter({
      name: 'patgate_audit_gaps_total',
      help: 'Findings that events of a producer are missing, or may be',
      labelNames: ['reason'],
      registers
    }),
    openGaps: new Gauge({
      name: 'patgate_audit_gaps_open',
      help: 'Boots of producers of which something is missing now, or may be',
      labelNames: ['reason'],
      registers
    })
  }
}

import type { AuditEvent, Outcome } from '@patgate/contracts'

/** RFC 5424, table 1: "log audit". */
const FACILITY = 13
/** RFC 5424, table 2: informational, warning, error. */
const SEVERITIES: Readonly<Record<Outcome, number>> = { success: 6, denied: 4, failure: 3 }

/**
 * An event as a message of RFC 5424, in the frame of RFC 6587 (octet counting), which RFC 5425 demands over TLS. The
 * message is the event as JSON; its type is the MSGID, by which receivers can sort without reading it.
 */
export function frameSyslogMessage(event: AuditEvent, hostname: string): Buffer {
  const priority = FACILITY * 8 + SEVERITIES[event.outcome]
  const header = `<${priority}>1 ${timestampOf(event)} ${printable(hostname, 255)} patgate - ${printable(event.type, 32)}`
  const message = `${header} [origin software="patgate"] ${JSON.stringify(event)}`
  return Buffer.from(`${Buffer.byteLength(message)} ${message}`)
}

/** RFC 5424 allows six digits behind the second, and capital letters only. */
function timestampOf({ time }: AuditEvent): string {
  return time.toUpperCase().replace(/(\.[0-9]{6})[0-9]+/, '$1')
}

function printable(text: string, longest: number): string {
  return text.replace(/[^\x21-\x7e]/g, '').slice(0, longest) || '-'
}

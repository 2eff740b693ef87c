import { ERROR_CATALOGUE } from '@patgate/domain'
import type { AccessEvents } from '../audit/access-events.ts'
import type { GatewayMetrics } from '../metrics.ts'
import type { Rejection } from './guarded-server.ts'
import { REJECTIONS } from './rejection.ts'

/** One audit event for each refused request. Its path is not canonical, so it is only shown, never decided on. */
export function recordRejection(events: AccessEvents, metrics: GatewayMetrics) {
  return ({ reason, requestId, request, address }: Rejection): void => {
    metrics.countRejection(reason)
    events.rejected(
      {
        id: requestId,
        method: request?.method ?? '',
        path: request?.url ?? '',
        address: address ?? null,
        userAgent: request?.headers['user-agent'] ?? null,
        durationMs: null
      },
      reason,
      ERROR_CATALOGUE[REJECTIONS[reason]].status
    )
  }
}

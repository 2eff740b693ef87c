import { AUDIT_STREAM, EVENT_TYPES, IDENTITY_HEADERS, isReservedHeader, SUBJECTS } from '@patgate/contracts'
import t from 'tap'

t.test('what patgate tells an upstream, nobody else can', async (t) => {
  for (const header of Object.values(IDENTITY_HEADERS)) t.ok(isReservedHeader(header), header)
  const reserved = [
    'patgate-internal-key',
    'x-forwarded-for',
    'forwarded',
    'x-real-ip',
    'x-original-url',
    'x-rewrite-url'
  ]
  for (const header of [...reserved, 'x-http-method-override', 'x-envoy-original-path']) t.ok(isReservedHeader(header))
  for (const header of ['accept', 'authorization', 'x-request-id', 'x-patgate'])
    t.notOk(isReservedHeader(header), header)
})

t.test('header names are lower case, as they arrive', async (t) => {
  for (const header of Object.values(IDENTITY_HEADERS)) t.equal(header, header.toLowerCase())
})

t.test('subjects and event types are unique, and the audit stream takes the audit events alone', async (t) => {
  t.equal(new Set(Object.values(SUBJECTS)).size, Object.values(SUBJECTS).length)
  t.equal(new Set(EVENT_TYPES).size, EVENT_TYPES.length)
  t.same(AUDIT_STREAM.subjects, [SUBJECTS.auditManagement, SUBJECTS.auditAccess])
})

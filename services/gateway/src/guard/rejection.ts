import type { ErrorName } from '@patgate/domain'

/** Every reason for which the guard refuses a request, with what it answers. Reasons are for the audit log and metrics. */
export const REJECTIONS = {
  not_origin_form: 'invalid_request',
  target_too_long: 'header_too_large',
  target_character: 'invalid_request',
  empty_segment: 'invalid_request',
  dot_segment: 'invalid_request',
  encoded_delimiter: 'invalid_request',
  double_encoding: 'invalid_request',
  bad_escape: 'invalid_request',
  header_name: 'invalid_request',
  header_block_too_large: 'header_too_large',
  too_many_headers: 'header_too_large',
  host: 'invalid_request',
  duplicate_authorization: 'invalid_request',
  connection_option: 'invalid_request',
  unsupported_upgrade: 'invalid_request',
  websocket_handshake: 'invalid_request',
  websocket_version: 'invalid_request',
  framing: 'invalid_request',
  unexpected_body: 'invalid_request',
  method_not_allowed: 'method_not_allowed',
  unknown_method: 'not_implemented',
  malformed: 'invalid_request',
  timeout: 'invalid_request',
  untrusted_proxy: 'forbidden',
  original_method: 'invalid_request',
  original_target: 'invalid_request',
  body_required: 'forbidden'
} as const satisfies Record<string, ErrorName>

export type RejectionReason = keyof typeof REJECTIONS

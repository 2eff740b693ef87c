import type { AuditKeysBody } from '@patgate/contracts'
import { formatVerifierKey, keyFingerprint } from '@patgate/merkle-log'
import type { AuditKeys } from './audit-keys.ts'

/** The public keys of the log, for whoever wants to verify it. */
export function describeKeys({ signer, keys }: AuditKeys): AuditKeysBody {
  return {
    origin: signer.name,
    keys: keys.map((key) => ({
      verifier_key: formatVerifierKey(key),
      public_key_pem: key.publicKey.export({ format: 'pem', type: 'spki' }).toString(),
      sha256: keyFingerprint(key),
      signs: key.id === signer.id
    }))
  }
}

/** The services that speak on the bus, each under a name and password of its own. */
export const natsUsers = ['token-service', 'audit-service', 'gateway'] as const
export type NatsUser = (typeof natsUsers)[number]

/**
 * Who may publish what (coherence.md, "Who may speak"): a service that was taken over cannot announce changes or commits
 * in another's name.
 */
const mayPublish: Record<NatsUser, readonly string[]> = {
  'token-service': ['patgate.changes', 'patgate.changes.ack', 'patgate.audit.management', 'patgate.audit.access'],
  'audit-service': ['patgate.audit.committed'],
  gateway: [
    'patgate.changes.ack',
    'patgate.audit.access',
    'patgate.audit.position',
    'patgate.audit.heartbeat',
    'patgate.usage',
    'm.>'
  ]
}

const maySubscribe: Record<NatsUser, readonly string[]> = {
  'token-service': ['patgate.>'],
  'audit-service': ['patgate.>'],
  gateway: ['patgate.>', 'm.>']
}

/** What every JetStream client needs: requests, acknowledgements, flow control, and an inbox for the answers. */
const jetStreamPublish = ['$JS.API.>', '$JS.ACK.>', '$JS.FC.>', '_INBOX.>']
const jetStreamSubscribe = ['_INBOX.>']

export interface NatsConfiguration {
  port: number
  storeDirectory: string
  passwords: Record<NatsUser, string>
}

/** The server's configuration file. NATS reads JSON as it is. */
export function natsConfiguration({ port, storeDirectory, passwords }: NatsConfiguration): string {
  const configuration = {
    server_name: 'patgate-local',
    listen: `127.0.0.1:${port}`,
    jetstream: { store_dir: storeDirectory },
    authorization: {
      users: natsUsers.map((user) => ({
        user,
        password: passwords[user],
        permissions: {
          publish: { allow: [...mayPublish[user], ...jetStreamPublish] },
          subscribe: { allow: [...maySubscribe[user], ...jetStreamSubscribe] }
        }
      }))
    }
  }
  return JSON.stringify(configuration, null, 2)
}

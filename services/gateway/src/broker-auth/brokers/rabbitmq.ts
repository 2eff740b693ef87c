import type { Operation } from '@patgate/domain'
import type { Broker, Fields, Question } from '../question.ts'

/**
 * RabbitMQ reads `allow` or `deny` out of a 200, and takes every other status for a failure (integrations.md, "RabbitMQ"). On a
 * channel it asks about a topic's routing key; about exchanges and queues it asks before, and of those a token may touch
 * only the one exchange for topics, and queues that nobody else can mean.
 */
export const rabbitmq: Broker = {
  questionIn(path, fields) {
    switch (path) {
      case 'user':
        return { kind: 'authenticate', userName: fields.username ?? '', password: fields.password ?? '', address: null }
      case 'vhost':
        return { kind: 'be', userName: fields.username ?? '', address: fields.ip ?? null }
      case 'resource':
        return resource(fields)
      case 'topic':
        return topic(fields)
      default:
        return null
    }
  },
  answer: (_path, { isAllowed }) => ({ status: 200, type: 'text/plain', body: isAllowed ? 'allow' : 'deny' })
}

const TOPIC_EXCHANGE = 'amq.topic'
const OPERATIONS: Readonly<Record<string, Operation>> = { write: 'publish', read: 'subscribe' }

function resource({ username = '', resource: kind, name = '', permission = '' }: Fields): Question {
  const be: Question = { kind: 'be', userName: username, address: null }
  if (kind === 'exchange' && name === TOPIC_EXCHANGE && permission !== 'configure') return be
  return kind === 'queue' && isOwnQueue(name, username) ? be : { kind: 'never' }
}

/**
 * A queue has no owner in RabbitMQ: who knows its name may read it. So it has to bear the token's id, as that of an MQTT client
 * does whose client id begins with it, or a name that the server has drawn.
 */
function isOwnQueue(name: string, tokenId: string): boolean {
  return name.startsWith(`mqtt-subscription-${tokenId}`) || name.startsWith(tokenId) || name.startsWith('amq.gen-')
}

function topic({ username = '', name, permission = '', routing_key: routingKey = '' }: Fields): Question {
  const operation = OPERATIONS[permission]
  if (name !== TOPIC_EXCHANGE || operation === undefined || /[/+]/.test(routingKey)) return { kind: 'never' }
  const asTopic = routingKey.replaceAll('.', '/').replaceAll('*', '+')
  return { kind: 'act', userName: username, operations: [operation], topic: asTopic, address: null }
}

import type { Operation } from '@patgate/domain'
import type { Broker, Fields, Question } from '../question.ts'

/** Mosquitto with mosquitto-go-auth, in its modes `status` and `json` (integrations.md, "Mosquitto"). */
export const mosquitto: Broker = {
  questionIn(path, fields) {
    switch (path) {
      case 'user':
        return { kind: 'authenticate', userName: fields.username ?? '', password: fields.password ?? '', address: null }
      case 'superuser':
        return { kind: 'never' }
      case 'acl':
        return action(fields)
      default:
        return null
    }
  },
  answer: (_path, { isAllowed, isDecided }) => ({
    status: isAllowed ? 200 : isDecided ? 403 : 503,
    type: 'application/json',
    body: JSON.stringify({ Ok: isAllowed, Error: isAllowed ? '' : 'denied' })
  })
}

/** The plugin's numbers: to receive, to send, both, and to subscribe. */
const OPERATIONS: Readonly<Record<string, readonly Operation[]>> = {
  '1': ['subscribe'],
  '2': ['publish'],
  '3': ['subscribe', 'publish'],
  '4': ['subscribe']
}

function action({ username = '', topic = '', acc = '' }: Fields): Question {
  const operations = OPERATIONS[acc]
  return operations === undefined
    ? { kind: 'never' }
    : { kind: 'act', userName: username, operations, topic, address: null }
}

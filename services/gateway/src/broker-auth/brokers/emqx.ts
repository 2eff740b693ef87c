import type { Broker, Fields, Judgement, Question } from '../question.ts'

/**
 * EMQX takes any other status than 200 for "ask the next one", whose last word is to allow: so it is always answered 200,
 * with `deny` (integrations.md, "EMQX").
 */
export const emqx: Broker = {
  questionIn(path, fields) {
    if (path === 'authn') return authentication(fields)
    return path === 'authz' ? action(fields) : null
  },
  answer(path, judgement) {
    const body = path === 'authn' ? authenticated(judgement) : { result: resultOf(judgement) }
    return { status: 200, type: 'application/json', body: JSON.stringify(body) }
  }
}

function authentication({ username = '', password = '', peerhost }: Fields): Question {
  return { kind: 'authenticate', userName: username, password, address: peerhost ?? null }
}

function action({ username = '', topic = '', action: operation = '', peerhost }: Fields): Question {
  if (operation !== 'publish' && operation !== 'subscribe') return { kind: 'never' }
  return { kind: 'act', userName: username, operations: [operation], topic, address: peerhost ?? null }
}

/** With `expire_at` the broker itself ends the connection when the token ends. */
function authenticated(judgement: Judgement): object {
  const { expiresAtMs } = judgement
  return {
    result: resultOf(judgement),
    is_superuser: false,
    ...(expiresAtMs === null ? {} : { expire_at: Math.floor(expiresAtMs / 1000) })
  }
}

function resultOf({ isAllowed }: Judgement): 'allow' | 'deny' {
  return isAllowed ? 'allow' : 'deny'
}

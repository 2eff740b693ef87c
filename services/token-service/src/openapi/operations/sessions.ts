import type { OperationDocs } from '@patgate/service-kit'
import { IDS, PERSON } from '../example-world.ts'

const tag = 'Sessions'
const { email, password } = PERSON

export const sessionOperations: OperationDocs = {
  'GET /v1/sign-in': {
    tag,
    name: 'readSignIn',
    summary: 'Says how people sign in here, and who is signed in already, if anybody'
  },
  'POST /v1/sessions': {
    tag,
    name: 'createSession',
    summary: 'Signs a person in; with `cookie: true`, on the console’s own address, into a cookie',
    body: { email, password },
    problems: [401, 403, 429]
  },
  'POST /v1/sessions/derived': {
    tag,
    name: 'deriveSession',
    summary: 'Makes a separate session out of the present one, for a program; shown once',
    body: { password },
    problems: [429]
  },
  'GET /v1/sessions': { tag, name: 'listSessions', summary: 'Lists one’s own sessions that are alive' },
  'GET /v1/sessions/current': { tag, name: 'readCurrentSession', summary: 'Says who is signed in, and until when' },
  'DELETE /v1/sessions/current': { tag, name: 'endCurrentSession', summary: 'Signs out, everywhere at once' },
  'DELETE /v1/sessions/:id': {
    tag,
    name: 'endSession',
    summary: 'Ends one of one’s own sessions',
    params: { id: IDS.otherSession }
  },
  'DELETE /v1/sessions': { tag, name: 'endAllSessions', summary: 'Ends all of one’s own sessions, this one too' },
  'GET /v1/oidc/start': {
    tag,
    name: 'startSignIn',
    summary: 'Sends the console’s browser to the OpenID provider',
    query: { return_to: '/console/' },
    problems: [403, 404]
  },
  'GET /v1/oidc/callback': {
    tag,
    name: 'finishSignIn',
    summary: 'Where the OpenID provider sends the browser back to',
    problems: [401, 403, 404]
  }
}

import { type Client, createClient } from '@patgate/client'
import { fetchWithSession } from '../session/session-renewal.ts'

/** Every call of the console goes through here, to the origin that the page came from; the cookie is the credential. */
export const client: Client = createClient({ baseUrl: '', fetch: fetchWithSession })

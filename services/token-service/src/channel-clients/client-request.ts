import { Type } from 'typebox'
import { Compile } from 'typebox/compile'

/** A client that wants to enter, as the NATS server asks about it (integrations.md, "NATS auth callout"). */
export interface ClientRequest {
  /** The connection: `cid` on a server whose id is drawn at each of its starts. */
  readonly serverId: string
  readonly cid: number
  /** The key that the server made for the answer to be about. */
  readonly userKey: string
  /** What was presented as a password or token; null where there was nothing, or two different ones. */
  readonly password: string | null
  readonly address: string
  readonly protocol: ClientProtocol
  /** Chosen by an MQTT client, or for it by the server. */
  readonly mqttClientId: string | null
  /** What the client says it is, such as `nats.js 3.4.0`. */
  readonly software: string | null
  /** After that the server has refused the client, whatever is answered. */
  readonly answerBeforeMs: number
}

export type ClientProtocol = 'nats' | 'mqtt' | 'websocket'

const claimsSchema = Compile(
  Type.Object({
    exp: Type.Number(),
    nats: Type.Object({
      server_id: Type.Object({ id: Type.String() }),
      user_nkey: Type.String(),
      client_info: Type.Object({
        host: Type.String(),
        id: Type.Integer({ minimum: 1 }),
        kind: Type.Literal('Client'),
        type: Type.Union([Type.Literal('nats'), Type.Literal('mqtt'), Type.Literal('websocket')]),
        mqtt_id: Type.Optional(Type.String())
      }),
      connect_opts: Type.Object({
        pass: Type.Optional(Type.String()),
        auth_token: Type.Optional(Type.String()),
        lang: Type.Optional(Type.String()),
        version: Type.Optional(Type.String())
      })
    })
  })
)

const LONGEST_SOFTWARE = 64

/**
 * Reads the server's request, a JWT; null when it is none. Its signature is not looked at: it is made with the key that
 * the request itself names, and nobody but the server can publish on the callout's subject.
 */
export function readClientRequest(jwt: string): ClientRequest | null {
  const claims = parse(jwt.split('.')[1] ?? '')
  if (!claimsSchema.Check(claims)) return null
  const { server_id, user_nkey, client_info, connect_opts } = claims.nats
  return {
    serverId: server_id.id,
    cid: client_info.id,
    userKey: user_nkey,
    password: onlyPassword(connect_opts.pass, connect_opts.auth_token),
    address: client_info.host,
    protocol: client_info.type,
    mqttClientId: client_info.mqtt_id ?? null,
    software: softwareOf(connect_opts),
    answerBeforeMs: claims.exp * 1000
  }
}

/** An MQTT client's password arrives as both. */
function onlyPassword(pass = '', token = ''): string | null {
  if (pass !== '' && token !== '' && pass !== token) return null
  return pass || token || null
}

function softwareOf({ lang = '', version = '' }: { lang?: string; version?: string }): string | null {
  const software = `${lang} ${version}`.trim().slice(0, LONGEST_SOFTWARE)
  return software === '' ? null : software
}

function parse(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString())
  } catch {
    return null
  }
}

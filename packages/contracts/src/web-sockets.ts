/** Subprotocols by which a browser, which can set no header, presents a token on a WebSocket (channels.md). */
export const WEB_SOCKET_PROTOCOLS = {
  /** The one that is selected. */
  selected: 'patgate.v1',
  /** Followed by the token; never echoed, and never sent to an upstream. */
  tokenPrefix: 'patgate.token.'
} as const

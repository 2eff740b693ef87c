import type { ChannelAddress } from '@patgate/client'
import type { ChannelEnvelope } from '@patgate/contracts'
import { useEffect, useState } from 'react'
import { client } from '../api/client.ts'
import { type Gathered, useGathering } from '../ui/gathering.ts'

export type SubscriptionState =
  | { readonly kind: 'closed' | 'connecting' | 'open' | 'refused' }
  | { readonly kind: 'ended'; readonly reason: string }

/** What is watched; null for nothing. */
export interface Watched extends ChannelAddress {
  readonly isReplayed: boolean
}

export interface Subscription extends Gathered<ChannelEnvelope> {
  readonly state: SubscriptionState
  readonly setPaused: (isPaused: boolean) => void
  readonly clear: () => void
}

const MOST_KEPT = 1_000

/** A WebSocket on a channel. */
export function useSubscription(watched: Watched | null): Subscription {
  const { gathering, ...gathered } = useGathering<ChannelEnvelope>(MOST_KEPT)
  const [state, setState] = useState<SubscriptionState>({ kind: 'closed' })

  useEffect(() => {
    gathering.clear()
    gathering.setPaused(false)
    setState({ kind: watched === null ? 'closed' : 'connecting' })
    if (watched === null) return
    let wasOpen = false
    const socket = new WebSocket(addressOf(watched))
    socket.onopen = () => {
      wasOpen = true
      setState({ kind: 'open' })
    }
    socket.onmessage = ({ data }) => gathering.push(JSON.parse(String(data)) as ChannelEnvelope)
    socket.onclose = ({ code, reason }) =>
      setState(wasOpen ? { kind: 'ended', reason: reason === '' ? String(code) : reason } : { kind: 'refused' })
    return () => {
      socket.onclose = null
      socket.close()
    }
  }, [watched, gathering])

  return { ...gathered, state, setPaused: gathering.setPaused, clear: gathering.clear }
}

/** Older browsers want a whole address. */
function addressOf({ isReplayed, ...address }: Watched): string {
  const url = client.channels.subscriptionUrl(address, isReplayed ? 'all' : undefined)
  return new URL(url, window.location.origin).href.replace(/^http/, 'ws')
}

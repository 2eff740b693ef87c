import { BlockList } from 'node:net'

/** The proxies of these tests run on this machine. */
export const LOOPBACK = new BlockList()
LOOPBACK.addSubnet('127.0.0.0', 8)

import { test } from 'tap'
import { addressKey } from '../../src/rate-limits/address-key.ts'

test('an IPv4 address is counted as itself, however it is written', async (t) => {
  for (const address of ['192.0.2.7', '::ffff:192.0.2.7', '::ffff:c000:207', '0:0:0:0:0:FFFF:192.0.2.7']) {
    t.equal(addressKey(address), '192.0.2.7', address)
  }
})

test('an IPv6 address is counted as its /64, however it is written', async (t) => {
  for (const address of ['2001:db8:0:1::1', '2001:DB8:0:1:ffff:ffff:ffff:ffff', '2001:0db8:0000:0001:0:0:0.0.0.9']) {
    t.equal(addressKey(address), '2001:db8:0:1::/64', address)
  }
  t.equal(addressKey('2001:db8:0:2::1'), '2001:db8:0:2::/64')
  t.equal(addressKey('fe80::1%eth0'), 'fe80:0:0:0::/64')
  t.equal(addressKey('::1'), '0:0:0:0::/64')
})

test('what is no address is counted under one name', async (t) => {
  for (const text of ['', '/run/socket', '1.2.3', '0x7f000001', '192.0.2.7:80']) t.equal(addressKey(text), 'unknown')
})

import t from 'tap'
import { meetsFloor, natsFloors, parseVersion, redisFloors } from '../servers/version.ts'

const meets = (text: string, floors: typeof natsFloors) => {
  const version = parseVersion(text)
  return version !== undefined && meetsFloor(version, floors)
}

t.test('a nats-server is new enough when it has the fixes of its own line, or is of a newer line', async (t) => {
  t.notOk(meets('nats-server: v2.9.10', natsFloors))
  t.notOk(meets('nats-server: v2.11.14', natsFloors))
  t.ok(meets('nats-server: v2.11.15', natsFloors))
  t.notOk(meets('nats-server: v2.12.5', natsFloors))
  t.ok(meets('nats-server: v2.12.6', natsFloors))
  t.ok(meets('nats-server: v2.15.1', natsFloors))
  t.ok(meets('nats-server: v3.0.0', natsFloors))
})

t.test('Redis has to be 6.2, and every Valkey is newer than that', async (t) => {
  t.notOk(meets('Redis server v=6.0.16 sha=00000000:0', redisFloors))
  t.ok(meets('Redis server v=6.2.0 sha=00000000:0', redisFloors))
  t.ok(meets('Redis server v=7.0.15 sha=00000000:0', redisFloors))
  t.ok(meets('Valkey server v=8.1.1 sha=00000000:0', redisFloors))
})

t.test('a text without a version is no version', async (t) => {
  t.equal(parseVersion('unknown'), undefined)
  t.same(parseVersion('postgres (PostgreSQL) 18.4'), [18, 4, 0])
})

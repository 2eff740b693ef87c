import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { newlyInstalled } from '../servers/debian-package.ts'
import { archiveEntries } from '../servers/debian-sources.ts'
import { findServer, type ServerKind } from '../servers/find-server.ts'
import { natsKind } from '../servers/nats.ts'
import { redisKind } from '../servers/redis.ts'

/** A program that does nothing but tell its version. */
function placeProgram(directory: string, name: string, says: string): string {
  mkdirSync(directory, { recursive: true })
  const path = join(directory, name)
  writeFileSync(path, `#!/bin/sh\necho '${says}'\n`)
  chmodSync(path, 0o755)
  return path
}

/** The kind without a package anywhere, so that only the `PATH` can have it. */
const onlyOnPath = (kind: ServerKind): ServerKind => ({
  ...kind,
  debian: { ...kind.debian, name: 'patgate-has-no-such-package' },
  homebrew: 'patgate-has-no-such-formula'
})

t.test('a program on the PATH that is new enough is taken before anything is downloaded', async (t) => {
  const directory = t.testdir()
  const old = join(directory, 'old')
  const recent = join(directory, 'recent')
  placeProgram(old, 'nats-server', 'nats-server: v2.9.10')
  const expected = placeProgram(recent, 'nats-server', 'nats-server: v2.12.6')
  const found = await findServer(natsKind, { tools: directory, report: t.fail, searchPath: `${old}:${recent}` })
  t.equal(found.path, expected)
})

t.test('Valkey serves where there is no Redis', async (t) => {
  const directory = t.testdir()
  const expected = placeProgram(directory, 'valkey-server', 'Valkey server v=8.1.1 sha=00000000:0')
  const found = await findServer(redisKind, { tools: directory, report: t.fail, searchPath: directory })
  t.equal(found.path, expected)
})

t.test('when nothing is usable the message names what was too old and what to do', async (t) => {
  const directory = t.testdir()
  placeProgram(directory, 'redis-server', 'Redis server v=6.0.16 sha=00000000:0')
  const options = { tools: join(directory, 'tools'), report: () => undefined, searchPath: directory }
  const error = await findServer(onlyOnPath(redisKind), options).then(
    () => new Error('found'),
    (reason: Error) => reason
  )
  t.match(error.message, /redis-server is version 6\.0\.16, needed is 6\.2\.0/)
  t.match(error.message, /Install Redis 6\.2 or newer/)
  t.match(error.message, /REDIS_URL/)
})

t.test('of the configured apt sources only those of the distribution itself are used', async (t) => {
  const targets = [
    'http://mirror.example/debian/|bookworm|main',
    'http://mirror.example/debian/|bookworm|main',
    'http://mirror.example/debian-security/|bookworm-security|main',
    'http://mirror.example/debian/|bookworm|non-free',
    'http://tools.example/apt/|cloud-sdk-bookworm|main',
    'http://containers.example/linux/debian/|bookworm|stable',
    'http://node.example/node_20.x/|nodistro|main'
  ].join('\n')
  t.same(archiveEntries(targets, 'bookworm'), [
    { uri: 'http://mirror.example/debian/', suite: 'bookworm', component: 'main' },
    { uri: 'http://mirror.example/debian-security/', suite: 'bookworm-security', component: 'main' }
  ])
})

t.test('missing dependencies are taken along, upgrades of what is installed are not', async (t) => {
  const plan = [
    'Inst libjemalloc2 (5.3.0-1 Debian:12/oldstable [amd64])',
    'Inst libc6 [2.36-9] (2.41-6 Debian:unstable [amd64])',
    'Inst redis-server (5:7.0.15-1 Debian:12/oldstable [amd64])',
    'Conf libjemalloc2 (5.3.0-1 Debian:12/oldstable [amd64])'
  ].join('\n')
  t.same(newlyInstalled(plan), ['libjemalloc2', 'redis-server'])
})

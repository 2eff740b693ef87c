import { spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AuditEvent, ExportHeader, ExportLine } from '@patgate/contracts'
import {
  consistencyProof,
  eventLeafHash,
  formatVerifierKey,
  inclusionProof,
  type NoteSigner,
  noteSigner,
  rootOf,
  signCheckpoint
} from '@patgate/merkle-log'
import type { Teardown } from '@patgate/test-kit'

const main = join(import.meta.dirname, '..', 'src', 'main.ts')
const BOOT = '01890000-0000-7000-8000-00000000b007'
const START_MS = Date.parse('2026-03-01T12:00:00Z')

/** An event of a minute of its own: the first one of noon. */
export function anEvent(index: number): AuditEvent {
  return {
    id: `01890000-0000-7000-8000-${String(index).padStart(12, '0')}`,
    producer: 'gateway-1',
    boot: BOOT,
    seq: index + 1,
    time: new Date(START_MS + index * 60_000).toISOString(),
    type: 'access.allowed',
    outcome: 'success',
    actor: { kind: 'human', id: null, name: 'Ada', token_id: null, session_id: null, address: null, user_agent: null },
    group: null,
    target: null,
    operation: null,
    reason: null,
    request: null,
    details: { index }
  }
}

/** A log that exists in a test only, made with the same package as the real one. */
export interface Log {
  readonly signer: NoteSigner
  note(size: number, signer?: NoteSigner): string
  header(changes?: Partial<ExportHeader>): ExportHeader
  line(index: number, changes?: Partial<ExportLine>): ExportLine
  consistency(first: number): NonNullable<ExportHeader['consistency']>
  /** The text of a whole export; or of these leaves. */
  export(header?: Partial<ExportHeader>, indices?: readonly number[]): string
}

export const SIZE = 12

export function newSigner(): NoteSigner {
  return noteSigner('audit.example.com/log', generateKeyPairSync('ed25519').privateKey)
}

export function aLog(signer: NoteSigner = newSigner(), eventAt = anEvent): Log {
  const events = Array.from({ length: SIZE }, (_, index) => eventAt(index))
  const leaves = events.map(eventLeafHash)
  const all = events.map((_, index) => index)
  const base64 = (hashes: readonly Buffer[]): string[] => hashes.map((hash) => hash.toString('base64'))
  const note: Log['note'] = (size, by = signer) =>
    signCheckpoint({ size, root: rootOf(leaves.slice(0, size)) }, by).note
  const header: Log['header'] = (changes = {}) => ({
    patgate_export: 1,
    filters: {},
    filtered: false,
    range: { first: 0, last: SIZE - 1 },
    count: SIZE,
    public_key: formatVerifierKey(signer),
    retired_keys: [],
    checkpoint: note(SIZE),
    consistency: null,
    ...changes
  })
  const line: Log['line'] = (index, changes = {}) => ({
    leaf_index: index,
    hashes: base64(inclusionProof(index, leaves)),
    event: eventAt(index),
    ...changes
  })
  return {
    signer,
    note,
    header,
    line,
    consistency: (first) => ({ first, second: SIZE, hashes: base64(consistencyProof(first, leaves)) }),
    export: (changes, indices = all) => textOf(header(changes), ...indices.map((index) => line(index)))
  }
}

export function textOf(...lines: readonly object[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('')
}

export interface Run {
  readonly status: number | null
  readonly out: string
  readonly err: string
}

/** The command as a process of its own, in a folder of the test's with these files. */
export async function patgate(t: Teardown, files: Readonly<Record<string, string>>, ...args: string[]): Promise<Run> {
  const cwd = mkdtempSync(join(tmpdir(), 'patgate-cli-'))
  t.teardown(() => rmSync(cwd, { recursive: true, force: true }))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text)
  const child = spawn(process.execPath, [main, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  const said = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    said.out += part
  })
  child.stderr.setEncoding('utf8').on('data', (part: string) => {
    said.err += part
  })
  const [status] = (await once(child, 'close')) as [number | null]
  return { status, ...said }
}

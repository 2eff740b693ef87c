import type { Command } from 'commander'
import { EXIT, type Output } from '../outcome.ts'
import type { Finish } from '../program.ts'
import { report } from './report.ts'
import { verifyExport } from './verify-export.ts'

interface Options {
  readonly checkpoint?: string
  readonly key?: string
}

export function addAuditVerify(audit: Command, output: Output, finish: Finish): void {
  audit
    .command('verify')
    .description('Checks an NDJSON export of the audit log, offline: exit status 0 holds, 1 does not, 2 unreadable.')
    .argument('<export>', 'the file, as GET /v1/audit/export answered it')
    .option('--checkpoint <older>', 'a checkpoint from before, or an older export: the log must be its continuation')
    .option(
      '--key <file>',
      "insist on this key: PEM, a verifier's key, or the answer of /.well-known/patgate-audit-key"
    )
    .action(async (file: string, { checkpoint, key }: Options) => {
      const verdict = await verifyExport(file, { olderFile: checkpoint ?? null, keyFile: key ?? null })
      report(verdict, output)
      finish(verdict.problems.length === 0 ? EXIT.holds : EXIT.doesNotHold)
    })
}

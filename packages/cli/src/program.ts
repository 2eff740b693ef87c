import { Command } from 'commander'
import { addAuditVerify } from './audit-verify/command.ts'
import type { Output } from './outcome.ts'

/** Told the exit status by whichever command ran. */
export type Finish = (status: number) => void

/** The `patgate` command: a table of contents. */
export function buildProgram(output: Output, finish: Finish): Command {
  const program = new Command('patgate').description(
    'Works with a patgate installation, or with what one has exported.'
  )
  const audit = program.command('audit').description('The audit log.')
  addAuditVerify(audit, output, finish)
  return program
}

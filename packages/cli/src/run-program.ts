import { type Command, CommanderError } from 'commander'
import { EXIT, type Output, terminal, Unreadable } from './outcome.ts'
import type { Finish } from './program.ts'

type Build = (output: Output, finish: Finish) => Command

/** Runs one command line and answers its exit status; a command line that is not one is as unreadable as a file. */
export async function runProgram(build: Build, args: readonly string[], output: Output = terminal): Promise<number> {
  let status: number = EXIT.holds
  const program = build(output, (finished) => {
    status = finished
  })
  for (const command of withSubcommands(program)) command.exitOverride()
  try {
    await program.parseAsync([...args], { from: 'user' })
    return status
  } catch (error) {
    // Help was asked for and given, or a mistake in the command line was explained: commander has said all.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.holds : EXIT.unreadable
    if (!(error instanceof Unreadable)) throw error
    output.err(error.message)
    return EXIT.unreadable
  }
}

function withSubcommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)]
}

// The command line: `slotwise COMMAND`. Each command stands in commands/, and loads what it needs when it is used.

import { Command, CommanderError } from 'commander'
import { COMMANDS } from './commands/commands.js'
import { EXIT } from './terminal.js'

/** The build puts the package's own in its place. */
const VERSION = '__VERSION__'

const HELP = `
Start here:
  $ slotwise init public           put Slotwise into a site of static files
  $ slotwise check slotwise.json   is the ruleset right?
  $ slotwise serve public --open   look at the site

Exit codes: 0 all is well, 1 something was found, 2 wrong use, or a file cannot be read or written.
slotwise COMMAND --help says more, with examples. --json gives every command's answer to programs.`

/** Runs one command line, without the names of node and of this file; gives what to exit with. */
export async function main(args: string[]): Promise<number> {
  let found: number = EXIT.fine
  const program = new Command('slotwise')
    .description('On-site personalization with static files alone.')
    .version(VERSION)
    .helpCommand(false)
    .addHelpText('after', HELP)
  const overall = { exitOverride: (command: Command) => command.exitOverride().showHelpAfterError(`see ${nameOf(command)} --help`).configureOutput(OUTPUT).configureHelp({ showGlobalOptions: false }) }
  overall.exitOverride(program)
  for (const register of COMMANDS) {
    register(program, (code) => {
      found = code
    })
  }
  for (const command of program.commands) overall.exitOverride(command).helpOption('-h, --help', 'this text')
  program.helpOption('-h, --help', 'this text')
  try {
    if (args.length === 0) program.error('slotwise: which command?')
    await program.parseAsync(args, { from: 'user' })
    return found
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.fine : EXIT.usage
    if ((error as Error).name !== 'Refusal') throw error
    process.stderr.write(`slotwise: ${(error as Error).message}\n`)
    return EXIT.usage
  }
}

const nameOf = (command: Command): string => (command.parent ? `${nameOf(command.parent)} ${command.name()}` : command.name())

/** In one voice with what the commands themselves say. */
const OUTPUT = {
  outputError: (words: string, write: (words: string) => void): void => write(words.replace(/^error: /, 'slotwise: ').replace(/'/g, '"')),
}

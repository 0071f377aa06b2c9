// All commands, in the order of the help: one line each. Registering one loads nothing of what it does.

import type { Command } from 'commander'
import { catalogue } from './catalogue.js'
import { check } from './check.js'
import { init } from './init.js'
import { learn } from './learn.js'
import { related } from './related.js'
import { report } from './report.js'
import { serve } from './serve.js'
import { simulate } from './simulate.js'

/** Adds a command to the program; `exit` says what to exit with where that is not 0. */
export type Register = (program: Command, exit: (code: number) => void) => void

export const COMMANDS: Register[] = [init, check, simulate, report, learn, catalogue, related, serve]

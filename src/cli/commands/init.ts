// The command `slotwise init`.

import { colours, printJson, refuse } from '../terminal.js'
import type { Register } from './commands.js'

const HELP = `
Copies the script and what it loads from beside itself, looks through the pages for data-slot, and writes a first
slotwise.json: regular and returning visitors see the variants that it finds in <template data-variant>. Says the tag for
the pages, with its integrity, and what a content security policy has to allow. Nothing that is there is written over.

Examples:
  $ slotwise init public
  $ slotwise init public --write           puts the tag into the pages, too
  $ slotwise init public --bootstrap       with the inline snippet for the first paint
  $ slotwise init public --base /blog/     the site is found at /blog/`

export const init: Register = (program) =>
  program
    .command('init')
    .summary('puts Slotwise into a site of static files')
    .description('Puts Slotwise into a site of static files, with a first ruleset for its slots.')
    .argument('<dir>', 'what the site is served from')
    .option('--to <name>', 'the directory for the script’s files, below it', 'slotwise')
    .option('--base <path>', 'the address at which the directory is found', '/')
    .option('--bootstrap', 'with the inline bootstrap')
    .option('--write', 'puts the tags into every page')
    .option('--force', 'writes over what is there')
    .option('--json', 'as JSON: { files, slots, tags, policy, ruleset, pages }')
    .addHelpText('after', HELP)
    .action(async (directory: string, { to, base, bootstrap = false, write = false, force = false, json }: { to: string; base: string; bootstrap?: boolean; write?: boolean; force?: boolean; json?: boolean }) => {
      if (!/^[\w-]+(\/[\w-]+)*$/.test(to)) refuse(`--to takes a name such as "slotwise", got "${to}"`)
      if (!/^\/([\w.~-]+\/)*$/.test(base)) refuse(`--base takes a path that begins and ends with "/", got "${base}"`)
      const { init } = await import('../init.js')
      const done = await init({ directory, to, base, bootstrap, write, force })
      if (json) return printJson(done)
      const names = Object.keys(done.slots)
      console.log(`Written into ${directory}: ${done.files.join(', ')}\n`)
      console.log(names.length > 0 ? `Slots found: ${names.map((name) => `${name} (${done.slots[name]?.join(', ') || 'no variants yet'})`).join(', ')}` : 'No slots found. Mark one: <section data-slot="hero"><template data-variant="returning">…</template> what is there now </section>')
      console.log(write ? `\nIn ${done.pages.length} ${done.pages.length === 1 ? 'page' : 'pages'} now, before </head>:\n` : '\nPut this into every page, before </head>:\n')
      console.log(`${colours.bold(done.tags)}\n\nA content security policy has to allow:\n\n${colours.bold(done.policy)}\n`)
      console.log(`Then: slotwise check ${directory}/slotwise.json --pages ${directory}\n      slotwise serve ${directory} --open`)
    })

// In the page: one start, for the runner to choose.

import { run } from './start.js'

Object.assign(window, { run: async (which: number) => run(which, await (await fetch('/start.json')).text()) })

// In the page: the engine's benchmark, for the runner to start.

import engine from './engine.js'

Object.assign(window, { bench: () => engine('Chromium') })

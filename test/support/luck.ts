// The same luck in every run, so that a red run is red for whoever looks into it; LUCK=7, or a soak, draws anew.

import fc from 'fast-check'
import { seeded } from './random.js'

const { LUCK, SOAK } = process.env
const seed = LUCK ? Number(LUCK) : SOAK ? Date.now() | 0 : 20_261_124

fc.configureGlobal({ seed })
Math.random = seeded(seed)

// How long slotwise check takes: 1,000 segments, by the built command line in a process of its own.

import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { site } from './workload.js'

const ROUNDS = 7

export default function check(directory: string): void {
  const file = join(directory, 'check.json')
  writeFileSync(file, JSON.stringify({ version: 1, segments: site(1000) }, null, 2))
  const took = Array.from({ length: ROUNDS }, () => {
    const begun = performance.now()
    const { status, stderr } = spawnSync(process.execPath, ['dist/cli.js', 'check', file], { encoding: 'utf8' })
    if (status !== 0) throw new Error(stderr)
    return performance.now() - begun
  }).sort((a, b) => a - b)
  console.log(`slotwise check, 1,000 segments: ${Math.round(took[Math.floor(ROUNDS / 2)] as number)} ms (${Math.round(took[0] as number)} to ${Math.round(took[ROUNDS - 1] as number)}), Node's own start included`)
}

// How long `slotwise report` takes for ten million rows in a file, and how much memory, with the shipped command line.

import { spawn } from 'node:child_process'
import { createWriteStream, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { seeded } from '../support/random.js'

const RULESET = {
  version: 1,
  goals: { signup: { event: 'signup', window: '7d' } },
  segments: { back: { event: 'visit', count: { $gte: 2 } } },
  slots: Object.fromEntries(
    ['hero', 'shelf', 'signup', 'nudge'].map((slot) => [slot, { experiences: [{ name: `${slot}-test`, goal: 'signup', split: { version: 1, weights: { default: 1, spring: 1, summer: 1 }, by: [{ segment: 'back', weights: { default: 1, spring: 1, summer: 1 } }] } }] }]),
  ),
}

/** One in fifty arrives twice. */
async function writeRows(file: string, many: number): Promise<void> {
  const random = seeded(7)
  const out = createWriteStream(file)
  const pick = <T>(list: T[]): T => list[Math.floor(random() * list.length)] as T
  const letters = 'useandom-26T198340PX75pxJACKVERYMINDBUSHWOLF_GQZbfghjklqvwyzrict'
  let last = ''
  for (let written = 0; written < many; ) {
    let chunk = ''
    for (let i = 0; i < 10_000 && written < many; i++, written++) {
      if (i % 50 === 49) {
        chunk += last
        continue
      }
      let id = ''
      for (let j = 0; j < 21; j++) id += letters[Math.floor(random() * 64)]
      last = `{"metric":"${random() < 0.5 ? 'shown' : random() < 0.85 ? 'seen' : 'goal'}","experience":"${pick(['hero', 'shelf', 'signup', 'nudge'])}-test","arm":"${pick(['default', 'spring', 'summer'])}","held":${random() < 0.1},"weights":1,"stratum":"${random() < 0.3 ? 'back' : '*'}","day":${20_700 + Math.floor(random() * 28)},"id":"${id}"}\n`
      chunk += last
    }
    if (!out.write(chunk)) await once(out, 'drain')
  }
  out.end()
  await once(out, 'finish')
}

/** Bytes that the process has held at most, and seconds that it has computed, as the kernel counts them. */
const usedBy = (pid: number): { peak: number; cpu: number } => {
  try {
    const [user = 0, system = 0] = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ').slice(11, 13).map(Number)
    return { peak: Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024, cpu: (user + system) / 100 }
  } catch {
    return { peak: 0, cpu: 0 }
  }
}

export default async function run(): Promise<void> {
  const many = Number(process.env.ROWS ?? 10_000_000)
  const directory = mkdtempSync(join(tmpdir(), 'slotwise-report-'))
  try {
    const file = join(directory, 'rows.ndjson')
    writeFileSync(join(directory, 'slotwise.json'), JSON.stringify(RULESET))
    await writeRows(file, many)
    const from = performance.now()
    const child = spawn(process.execPath, [resolve('dist/cli.js'), 'report', file, '--ruleset', join(directory, 'slotwise.json'), '--json'], { stdio: ['ignore', 'pipe', 'inherit'] })
    let [text, peak, cpu] = ['', 0, 0]
    child.stdout.on('data', (data) => {
      text += data
    })
    const watch = setInterval(() => {
      const used = usedBy(child.pid as number)
      peak = Math.max(peak, used.peak)
      cpu = Math.max(cpu, used.cpu)
    }, 20)
    const [code] = await once(child, 'close')
    clearInterval(watch)
    const seconds = (performance.now() - from) / 1000
    if (code !== 0) throw new Error(`slotwise report has ended with ${code}`)
    const { rows } = JSON.parse(text)
    if (rows.rows !== many || rows.broken !== 0) throw new Error(`${rows.rows} rows were read, and ${rows.broken} were broken`)
    console.log(`slotwise report on ${many.toLocaleString('en')} rows (${Math.round(statSync(file).size / 1e6)} MB of NDJSON, ${rows.twice.toLocaleString('en')} of them twice), by ${rows.engine}: ${seconds.toFixed(1)} s (${cpu.toFixed(1)} s of computing), at most ${Math.round(peak / 1e6)} MB of memory`)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

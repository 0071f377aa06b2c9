// What a page's main thread does, from a trace of Chromium: its long tasks, and what Slotwise does in them.

import type { Browser, Page } from 'playwright'

type TraceEvent = { name: string; ph: string; tid: number; pid: number; ts: number; dur?: number; tdur?: number; args: { name?: string; data?: { url?: string } } }

export interface Tasks {
  /** Tasks that are longer than asked; and those that would not be without what Slotwise does in them. */
  long: number
  made: number
  /** The longest run of Slotwise, and the longest task it runs in, in ms. */
  ours: number
  within: number
}

/** Those of Slotwise's files that run: as classic script, as module, or called back. */
const RUNS = ['FunctionCall', 'EvaluateScript', 'v8.evaluateModule', 'RunMicrotasks']
/** What the store and the network answer runs without an address: on the pages measured, nobody but Slotwise asks them. */
const isAnswer = (name: string): boolean => name === 'v8.callFunction'

/** Traces what happens in the page while `work` goes on. `files` names what is Slotwise's; `long` is in ms. */
export async function traced(browser: Browser, page: Page, files: RegExp, long: number, work: () => Promise<void>, names = RUNS): Promise<Tasks> {
  await browser.startTracing(page, { categories: ['toplevel', 'devtools.timeline', 'disabled-by-default-devtools.timeline', 'v8'] })
  await work()
  const trace = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] }

  // By the thread's own clock where there is one: what else the machine does is no part of it.
  const ms = ({ dur = 0, tdur = dur }: TraceEvent): number => tdur / 1000
  const main = trace.traceEvents.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain').map(({ pid, tid }) => `${pid} ${tid}`)
  const events = trace.traceEvents.filter(({ ph, pid, tid }) => ph === 'X' && main.includes(`${pid} ${tid}`))
  const name = events.some(({ name }) => name === 'RunTask') ? 'RunTask' : 'ThreadControllerImpl::RunTask'
  const tasks = events.filter((event) => event.name === name)
  let end = 0
  const ours = events
    .filter(({ name, args }) => (names.includes(name) && files.test(args.data?.url ?? '')) || (names === RUNS && isAnswer(name)))
    .sort((a, b) => a.ts - b.ts)
    .filter(({ ts, dur = 0 }) => {
      const outermost = ts >= end
      if (outermost) end = ts + dur
      return outermost
    })
  const inside = (task: TraceEvent): TraceEvent[] => ours.filter(({ ts }) => ts >= task.ts && ts < task.ts + (task.dur ?? 0))
  const sum = (runs: TraceEvent[]): number => runs.reduce((all, one) => all + ms(one), 0)
  return {
    long: tasks.filter((task) => ms(task) > long).length,
    made: tasks.filter((task) => ms(task) > long && ms(task) - sum(inside(task)) <= long).length,
    ours: Math.max(0, ...ours.map(ms)),
    within: Math.max(0, ...tasks.filter((task) => inside(task).length > 0).map(ms)),
  }
}

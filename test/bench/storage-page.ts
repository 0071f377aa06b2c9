// In the page: one event appended, and a page started, on the event log and on one list kept by idb-keyval.

import { createStore, get, update } from 'idb-keyval'
import { createDecider } from '../../src/decide/decide.js'
import { idbStore } from '../../src/remember/idb.js'
import { openLog } from '../../src/remember/log.js'
import type { VisitorEvent } from '../../src/types.js'
import { rounds } from './rounds.js'

const rules = { version: 1, segments: { reader: { event: 'page_view', where: { page: 'boots' }, within: '7d', count: { $gte: 3 } } } } as const
let ids = 0
const event = (): VisitorEvent => ({ id: `bench-${ids++}-xxxxxxxxxx`, type: 'page_view', at: Date.now(), props: { page: ids % 3 ? 'boots' : 'tents', path: `/read/${ids % 40}` } })

async function bench(length: number): Promise<[string, [string, number][]][]> {
  const store = idbStore(`bench-log-${length}`)
  const log = openLog(store)
  const ask = { seed: 'bench', confirmed: false, patches: [] }
  let n = 0
  const append = async (events: VisitorEvent[]): Promise<void> => {
    n = (await log.append({ ...ask, n, events }))?.head.n ?? n
  }
  const decider = createDecider(rules as never)
  for (let i = 0; i < length; i += 20) {
    const batch = Array.from({ length: 20 }, event)
    batch.forEach(decider.feed)
    await append(batch)
  }
  await log.save('bench', n, decider.state())

  const list = createStore(`bench-list-${length}`, 'list')
  const all = Array.from({ length }, event)
  await update('events', () => all, list)

  const timed = (work: () => Promise<unknown>) => async (): Promise<number> => {
    const started = performance.now()
    await work()
    return performance.now() - started
  }
  const appending = await rounds(
    [
      { name: 'slotwise', run: timed(() => append([event()])) },
      { name: 'one list', run: timed(() => update<VisitorEvent[]>('events', (events = []) => [...events, event()], list)) },
    ],
    25,
  )
  const starting = await rounds(
    [
      {
        name: 'slotwise',
        run: timed(async () => {
          const { snapshot, batches } = await log.read()
          const fresh = createDecider(rules as never)
          fresh.load(snapshot.state)
          for (const [, events] of batches) events.forEach(fresh.feed)
          return fresh.segments(Date.now(), { traits: {}, context: {} })
        }),
      },
      {
        name: 'one list',
        run: timed(async () => {
          const since = Date.now() - 7 * 86_400_000
          const events = (await get<VisitorEvent[]>('events', list)) ?? []
          return events.filter(({ type, at, props }) => at > since && type === 'page_view' && props.page === 'boots').length >= 3
        }),
      },
    ],
    25,
  )
  store.close()
  return [
    [`one event appended to ${length}`, [...appending]],
    [`a page started on ${length}`, [...starting]],
  ]
}

Object.assign(window, { bench: async () => [...(await bench(1000)), ...(await bench(10_000))] })

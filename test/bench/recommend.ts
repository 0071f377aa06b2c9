// What the shipped table recommends beside popularity, Markov, item-kNN and VS-kNN, on sessions that none of them has
// seen; its size; and how long one decision takes in Chromium. Figures of a synthetic shop, by the build's own defaults.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { chromium } from 'playwright'
import { byItemKnn, byMarkov, byPopularity, byTable, byVsKnn, judge } from '../../src/cli/judge.js'
import { relate, tablesOf } from '../../src/cli/related.js'
import { serve } from '../../src/cli/serve.js'
import { part, sessionOf } from '../../src/cli/visits.js'
import { readCatalogue } from '../../src/extras/recommend/catalogue.js'
import { decodeRow } from '../../src/extras/recommend/table.js'
import { chromiumLaunch, found } from '../support/browsers.js'
import { shop } from './shop.js'

const ITEMS = 3000
const SESSIONS = 60_000
const SHARDS = 16
const VISITORS = 2000
/** The last day, or nearly, of four weeks. */
const TAIL = 0.04

export default async function recommend(directory: string): Promise<void> {
  const { items, visits } = shop(ITEMS, SESSIONS)
  const catalogue = readCatalogue(items, ['tags'])
  const cut = Math.floor(visits.count * (1 - TAIL))
  const [train, tail] = [part(visits, 0, cut), part(visits, cut)]
  const made = relate(catalogue, train, { top: 20, support: 3 })
  const [table] = tablesOf(catalogue, made) as [ReturnType<typeof tablesOf>[number]]
  const shards = tablesOf(catalogue, made, SHARDS)
  const rows = catalogue.items.map((_, position) => decodeRow(table.rows[position], ITEMS))

  const { worths, steps } = judge(
    { popularity: byPopularity(train, ITEMS), Markov: byMarkov(train), 'item-kNN': byItemKnn(train, ITEMS), 'VS-kNN 500/5000': byVsKnn(train, ITEMS), 'the shipped table': byTable(rows) },
    tail,
  )
  console.log(`\nrecommendations: a synthetic shop, ${ITEMS} items, ${visits.count} sessions with drift; the next page of ${steps} steps of the newest ${100 * TAIL} %`)
  console.log('recall@20'.padStart(40), 'MRR@20'.padStart(9))
  for (const { name, recall, mrr } of worths) console.log(name.padEnd(28), `${(100 * recall).toFixed(2)} %`.padStart(11), `${(100 * mrr).toFixed(2)} %`.padStart(9))
  const size = (texts: string[]): string => `${(texts.reduce((sum, text) => sum + gzipSync(text, { level: 9 }).length, 0) / ITEMS).toFixed(1)} bytes an item gzipped`
  console.log(`the table: ${size([JSON.stringify(table)])}; as ${SHARDS} shards ${size(shards.map((shard) => JSON.stringify(shard)))}`)

  if (!found.chromium) return console.log('\nchromium: not on this machine')
  const seen = Array.from({ length: VISITORS }, (_, i) => [...sessionOf(tail, i % tail.count)].reverse().map((item) => items[item]?.key))
  writeFileSync(join(directory, 'recommend.json'), JSON.stringify({ items, table, shards, seen }))
  const site = await serve({ directory, headers: { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' } })
  const browser = await chromium.launch(chromiumLaunch)
  const page = await browser.newPage()
  await page.goto(`${site.url}/recommend.html`)
  const { middle, high, same } = (await page.evaluate('bench()')) as { middle: number; high: number; same: number }
  console.log(`chromium, one decision of four items, reading the rows included: median ${middle.toFixed(1)} µs, 95th percentile ${high.toFixed(1)} µs`)
  console.log(`read as shards: the same items and scores for ${same} of ${VISITORS} visitors`)
  await browser.close()
  await site.close()
}

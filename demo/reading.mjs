// What the demo recommends from: catalogues of its stories and products, and tables made of sessions that nobody had.

import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { languages, stories, words } from './content.mjs'
import { random } from './scene.mjs'

const CLI = join(dirname(fileURLToPath(import.meta.url)), '../dist/cli.js')
const SESSIONS = 600

/** Where each language's files lie, and what each experience is called. */
export const places = { 'pt-BR': { stories: '/leia', shop: '/loja', name: 'pt' }, en: { stories: '/en/read', shop: '/en/shop', name: 'en' } }

/** `slotwise related` says what a table is worth; here it only has to write one. */
function related(out, items, sessions) {
  const exported = join(out, 'sessions.csv')
  writeFileSync(exported, `session,item,time\n${sessions.map((line) => line.join(',')).join('\n')}\n`)
  execFileSync(process.execPath, [CLI, 'related', exported, '--items', join(out, items), '--out', join(out, items.replace('catalog', 'related')), '--popularity', '--fields', 'topic'], { stdio: 'ignore' })
  rmSync(exported)
}

/** Readers who stay with a subject more often than not, and take some of it home. */
function visits(things, subject, stays, next) {
  return Array.from({ length: SESSIONS }, (_, session) => {
    const topic = subject(things[Math.floor(next() * things.length)])
    return things
      .map((thing) => [thing, next() + (subject(thing) === topic ? stays : 0)])
      .sort(([, a], [, b]) => b - a)
      .slice(0, 2 + Math.floor(next() * 2))
      .map(([{ key }], step) => [session, key, 1_760_000_000 + session * 3600 + step * 60])
  }).flat()
}

export function writeReading(out, address) {
  for (const lang of languages) {
    const { topics, products } = words[lang]
    const place = places[lang]
    const read = stories.map((story) => ({ key: address(lang, story), url: address(lang, story), title: story[lang].title, lead: story[lang].lead, topic: topics[story.topic] }))
    const sold = Object.entries(products).map(([key, { name, price, note, category }]) => ({ key, title: name, price, note, topic: category }))
    for (const [folder, items, stays, seed] of [[place.stories, read, 0.7, 11], [place.shop, sold, 0.5, 23]]) {
      mkdirSync(join(out, folder), { recursive: true })
      writeFileSync(join(out, folder, 'catalog.json'), `${JSON.stringify({ items }, null, 1)}\n`)
      related(out, join(folder, 'catalog.json'), visits(items, ({ topic }) => topic, stays, random(seed)))
    }
  }
}

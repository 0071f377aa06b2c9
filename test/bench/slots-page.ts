// In the page: a hundred slots among ten thousand nodes are shown, and a busy page goes on around them.

import { memoryStore, personalize, type Ruleset, type Site } from '../../src/index.js'
import { rounds } from './rounds.js'

const SLOTS = 100
const CHANGES = 5000
const ruleset: Ruleset = {
  version: 1,
  slots: Object.fromEntries(Array.from({ length: SLOTS }, (_, i) => [`s${i}`, { experiences: [{ name: `e${i}`, show: 'on' }] }])),
}
const html = Array.from(
  { length: SLOTS },
  (_, i) => `<section data-slot="s${i}"><template data-variant="on"><h3>On ${i}</h3><p>variant</p></template><h3>Off ${i}</h3>${'<p>some <b>words</b></p>'.repeat(24)}</section>`,
).join('')

const fill = async (): Promise<void> => {
  document.body.innerHTML = html
  await new Promise(requestAnimationFrame)
}
const slotwise = async (): Promise<Site> => {
  const site = personalize({ ruleset, storage: memoryStore() })
  await site.ready
  return site
}
/** What a page would write that knows already what to show where. */
const byHand = async (): Promise<undefined> => {
  for (const slot of document.querySelectorAll('[data-slot]')) {
    const template = slot.querySelector('template') as HTMLTemplateElement
    slot.replaceChildren(document.importNode(template.content, true))
    slot.setAttribute('data-slot-state', 'on')
  }
}

/** From the start to the end of the frame in which all of them are shown. */
const applying = (name: string, start: () => Promise<Site | undefined>) => ({
  name,
  run: async () => {
    await fill()
    const before = performance.now()
    const site = await start()
    await new Promise((next) => requestAnimationFrame(() => setTimeout(next)))
    const took = performance.now() - before
    site?.stop()
    return took
  },
})

/** So many changes, ten at a time, with observers called in between as if each ten were a task of their own. */
const changing = (name: string, start: () => Promise<Site | undefined>) => ({
  name,
  run: async () => {
    await fill()
    const site = await start()
    const busy = document.createElement('div')
    document.body.append(busy)
    const before = performance.now()
    for (let i = 0; i < CHANGES / 10; i++) {
      for (let j = 0; j < 9; j++) busy.append(document.createElement('i'))
      busy.replaceChildren()
      await Promise.resolve()
    }
    const took = performance.now() - before
    site?.stop()
    return took
  },
})

Object.assign(globalThis, {
  bench: async (count: number) => [
    [`${SLOTS} slots, to the end of the frame`, [...(await rounds([applying('by hand', byHand), applying('Slotwise', slotwise)], count))]],
    [`${CHANGES} changes beside ${SLOTS} slots`, [...(await rounds([changing('by hand', byHand), changing('Slotwise', slotwise)], count))]],
  ],
})

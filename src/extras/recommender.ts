// Shows recommendations in a slot, once their data are there, and hears what comes of them. A page fetches this file
// together with recommend.js, where its ruleset recommends.

import { deadline } from '../lib/deadline.js'
import { guarded } from '../lib/guard.js'
import { later } from '../lib/later.js'
import { listen } from '../lib/listen.js'
import type { Recommend, Recommending } from '../types.js'
import { CARD, cards, type Fields } from './recommender/cards.js'
import type { Catalogue, Ranked } from './recommend.js'
import { type Data, loader, PATIENCE, type Ranking } from './recommender/data.js'
import { reorder } from './recommender/reorder.js'

/** Rows name a click's place in the list by these, and never the item. */
const bucket = (place: number): string => (place < 1 ? '1' : place < 3 ? '2-3' : place < 6 ? '4-6' : '7+')
const NOT_INTERESTED = '[data-slotwise-not-interested]'
// Controls, and what turns the direction of the text around it or that template engines look for.
const STRIPPED = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069{}]/gu

/** Shows recommendations in a slot; `nodes` gets what is put there. Returns its undo. */
export type Recommender = (element: Element, slot: string, rules: Recommend, template: HTMLTemplateElement | undefined, nodes: Node[]) => () => void

export function recommender(given: Recommending, ranking: Ranking): Recommender {
  const { because, interestsOf, knownOf, positionOf, rank } = ranking
  const { site, recall, context, free, random, swap, report } = given
  const loads = new WeakMap<Document, ReturnType<typeof loader>>()

  return (element, slot, rules, template, nodes) => {
    const document = element.ownerDocument
    const { limit = 4, prefetch, never = [] } = rules
    const guard = guarded((error) => report(`Slot "${slot}" cannot recommend: ${error}`, error))
    const undo: (() => void)[] = []
    let ended = false
    const load = loads.get(document) ?? loader(given, ranking, document)
    loads.set(document, load)

    const known = recall(rules)
    const path = context().path ?? document.location.pathname

    const ranked = ({ catalogue, rowOf, gone }: Data, among?: number[]): Ranked[] =>
      rank(catalogue, rowOf, knownOf(catalogue, known, rules, path, gone), { ...rules, limit: among?.length ?? limit, random, ...(among ? { among, diversity: 0 } : {}) })

    const fieldsOf = (catalogue: Catalogue, one: Ranked, i: number): Fields => {
      const { fields, items } = catalogue
      const item = items[one.position] ?? {}
      const why = because({ because: one.terms }, catalogue, rules, document.documentElement.lang || context().language || 'en')
      return (name) => {
        const value = name === 'because' ? why : name === 'position' ? i + 1 : fields.has(name) ? [item[name] ?? ''].flat().join(', ') : undefined
        return value === undefined ? undefined : `${value}`.replace(STRIPPED, '').slice(0, 2000)
      }
    }

    /** What is shown in vain wears off, what is chosen counts by its place, and what is turned down goes. */
    const listenTo = (keys: (card: Element) => [key: string, place: number] | undefined, cardSelector: string, all: () => string[]): void => {
      const experience = (): string | null => site.decide(slot).experience
      const clicked = (event: Event): void => {
        const target = event.target as Element
        const card = target.closest?.(cardSelector)
        const found = card && element.contains(card) && keys(card)
        if (!found) return
        const [item, place] = found
        if (target.closest(NOT_INTERESTED)) {
          void site.track('recommend_dismiss', { slot, item })
          for (const part of element.querySelectorAll(`[${CARD}="${card.getAttribute(CARD)}"]`)) part.remove()
        } else if (target.closest('a[href]')) void site.track('recommend_click', { slot, experience: experience(), item, position: bucket(place) })
      }
      undo.push(
        listen(element, 'click', guard(clicked), { capture: true }),
        site.on('exposure', ({ slot: of, seen, decision }) => {
          if (of === slot && seen && decision === site.decide(slot)) void site.track('recommend_seen', { slot, item: all() })
        }),
      )
    }

    const ahead = ({ catalogue, nextOf }: Data): void => {
      const here = positionOf(catalogue, path)
      const likely = prefetch === undefined ? [] : nextOf(here).filter(([, probability]) => probability >= prefetch)
      const urls = likely.map(([position]) => `${catalogue.items[position]?.url}`)
      let stop: (() => void) | undefined
      if (urls.length === 0) return
      undo.push(
        site.on('consent', ({ measure }) => {
          if (measure !== 'granted' || context().saveData) stop = void stop?.()
          else stop ??= later(import('./anticipate.js'), ({ anticipate }) => anticipate(document, urls, never, given.fetch), (error) => report('Nothing is fetched ahead', error))
        }),
        () => stop?.(),
      )
    }

    const show = (data: Data): void => {
      const { catalogue } = data
      if (rules.reorder !== undefined) {
        const all = [...element.querySelectorAll(rules.reorder)]
        const elements = all.filter((one) => one.parentNode === all[0]?.parentNode)
        const keyOf = (one: Element): string => one.getAttribute('data-item') ?? (one.matches('a[href]') ? one : one.querySelector('a[href]'))?.getAttribute('href') ?? ''
        const of = new Map(elements.map((one) => [one, positionOf(catalogue, keyOf(one))]))
        const scores = new Map(ranked(data, [...of.values()].filter((position) => position >= 0)).map(({ position, score, terms }) => [position, terms[0]?.because === 'popular' ? 0 : score]))
        // Whoever is about to use one of them must not see it go.
        if (elements.length < 2 || element.contains(document.activeElement)) return
        undo.push(reorder(elements, [...elements].sort((a, b) => (scores.get(of.get(b) as number) ?? 0) - (scores.get(of.get(a) as number) ?? 0))))
        listenTo((one) => (of.has(one) ? [keyOf(one), [...element.querySelectorAll(rules.reorder as string)].indexOf(one)] : undefined), rules.reorder, () => elements.map(keyOf))
        return
      }
      const list = ranked(data)
      if (list.length === 0) throw new Error('nothing is left to recommend')
      const content = cards(document, template, list.map((one, i) => fieldsOf(catalogue, one, i)), given, free())
      const keys = list.map(({ position }) => catalogue.keys[position] as string)
      nodes.push(...content.childNodes)
      undo.push(swap(element, [...nodes]))
      listenTo((card) => [keys[Number(card.getAttribute(CARD))] as string, Number(card.getAttribute(CARD))], `[${CARD}]`, () => keys)
    }

    deadline(load(rules, [...new Set([...interestsOf(known), 'tags'])], path, (catalogue) => knownOf(catalogue, known, rules, path).seen.slice(0, 3)), PATIENCE, 'the catalogue')
      .then((data) => {
        if (ended) return
        ahead(data)
        show(data)
      })
      .catch((error) => report(`Slot "${slot}" keeps its own content: ${error}`, error))

    return () => {
      ended = true
      for (const step of undo.splice(0).reverse()) step()
    }
  }
}

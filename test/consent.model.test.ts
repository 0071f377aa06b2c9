// The whole table of consent (mode, purpose, signal, revision, age, sources, tabs) against a plain model of what people said.

import fc from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Consenting, openConsent } from '../src/consent.js'
import { follow } from '../src/sources.js'
import type { ConsentRules, ConsentSource, Permission, Told } from '../src/types.js'

const DAY = 86_400_000
const PURPOSES = ['personalize', 'measure'] as const
const SOURCES = ['one', 'two'] as const
const KEY = 'slotwise:consent'

type Name = (typeof SOURCES)[number]
type Words = Required<Told>
/** Something said: when, to which question, and whether it is known to be newer than the browser's signal. */
interface Word extends Words {
  at: number
  revision: number
  inSpite: boolean
}
interface Page {
  rules: ConsentRules
  sources: readonly Name[]
}

type Step =
  | { do: 'choose'; tab: number; choice: Told }
  | { do: 'tell'; tab: number; source: Name; told: Told }
  | { do: 'fail'; tab: number; source: Name }
  | { do: 'signal'; signal: number }
  | { do: 'wait'; days: number }
  | { do: 'forget'; tab: number }
  | { do: 'page'; page: Page }

const SIGNALS: object[] = [
  {},
  { globalPrivacyControl: true },
  { doNotTrack: '1' },
  {
    get globalPrivacyControl() {
      throw new Error('no')
    },
  },
]

/** What people said, and what follows: no storage, no record, nothing joined beforehand. */
function model() {
  const memory = new Map<Name, Word>()
  /** The words that the answer is made of; those of a visitor stand alone. */
  let answer: { words: Word[]; by: string } | undefined
  let page: Page = { rules: {}, sources: [] }
  let spoken = new Set<string>()
  let now = 0
  let signal = false

  const holds = (word: Word): boolean => word.revision >= (page.rules.revision ?? 0) && now - word.at <= 180 * DAY
  const any = (words: Words[], purpose: keyof Told): Permission => (words.some((word) => word[purpose] === 'denied') ? 'denied' : words.some((word) => word[purpose] === 'granted') ? 'granted' : 'unset')
  const state = (): [Permission, Permission, string] => {
    const standing = answer?.words.every(holds) ? answer : undefined
    if (signal && !standing?.words.every(({ inSpite }) => inSpite)) return ['denied', 'denied', 'signal']
    return standing ? [any(standing.words, 'personalize'), any(standing.words, 'measure'), standing.by] : ['unset', 'unset', 'nobody']
  }

  return {
    state,
    mode: () => ({ granted: 'local', denied: 'off', unset: page.rules.before ?? 'local' })[state()[0]],
    at: (time: number) => {
      now = time
    },
    signal: (on: boolean) => {
      signal = on
    },
    page: (next: Page) => {
      page = next
      spoken = new Set()
    },
    choose: (choice: Told) => {
      const [personalize, measure] = state()
      answer = { words: [{ personalize, measure, ...choice, at: now, revision: page.rules.revision ?? 0, inSpite: signal }], by: 'visitor' }
    },
    forget: () => {
      memory.clear()
      answer = undefined
    },
    tell: (tab: number, name: Name, told: Told) => {
      if (!page.sources.includes(name)) return
      const { personalize = 'unset', measure = 'unset' } = told
      const before = memory.get(name)
      const repeated = before ? before.personalize === personalize && before.measure === measure : personalize === 'unset' && measure === 'unset'
      const here = spoken.has(`${tab} ${name}`)
      spoken.add(`${tab} ${name}`)
      const silent = personalize === 'unset' && measure === 'unset'
      if (repeated && (silent || state()[2] !== 'nobody')) return
      if (silent) memory.delete(name)
      else if (repeated && before) memory.set(name, { ...before, at: now })
      else memory.set(name, { personalize, measure, at: now, revision: page.rules.revision ?? 0, inSpite: here ? signal : before?.inSpite === true })
      // Whoever was a source once, and is none on this page, has no voice in it any more.
      for (const other of [...memory.keys()]) if (!page.sources.includes(other)) memory.delete(other)
      const speaking = page.sources.filter((other) => memory.has(other) && holds(memory.get(other) as Word))
      answer = speaking.length > 0 ? { words: speaking.map((other) => memory.get(other) as Word), by: speaking.join(' ') } : undefined
    },
  }
}

/** Two tabs of one browser. */
function world(start: number) {
  let now = start
  let page: Page = { rules: {}, sources: [] }
  let tabs: { consenting: Consenting; heard: Map<Name, (told: Told) => void>; failed: Map<Name, (error: unknown) => void>; stop(): void }[] = []
  const open = () => {
    const heard = new Map<Name, (told: Told) => void>()
    const failed = new Map<Name, (error: unknown) => void>()
    const consenting = openConsent({ now: () => now, changed: () => {}, report: () => {} })
    const sources = page.sources.map((name): ConsentSource => ({
      name,
      subscribe: (hear, fail) => {
        heard.set(name, hear)
        failed.set(name, fail)
        return () => heard.delete(name)
      },
    }))
    consenting.ask(page.rules, true, sources[0])
    const undo = follow(sources, page.rules, consenting, () => now, () => {})
    return { consenting, heard, failed, stop: () => [undo, consenting.stop].forEach((step) => step()) }
  }
  return {
    tabs: () => tabs,
    at: (time: number) => {
      now = time
    },
    page: (next: Page) => {
      for (const tab of tabs) tab.stop()
      page = next
      tabs = [open(), open()]
    },
  }
}

const permission = fc.constantFrom<Permission>('granted', 'denied', 'unset')
const answer = fc.constantFrom<'granted' | 'denied'>('granted', 'denied')
const tab = fc.constantFrom(0, 1)
const page: fc.Arbitrary<Page> = fc.record({
  rules: fc.record({ revision: fc.constantFrom(0, 1, 2), before: fc.constantFrom('local', 'memory', 'off') }),
  sources: fc.constantFrom<readonly Name[]>([], ['one'], ['one', 'two'], ['two']),
})
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('choose' as const), tab, choice: fc.oneof(fc.record({ personalize: answer, measure: answer }), fc.record({ measure: answer }), fc.record({ personalize: answer })) }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('tell' as const), tab, source: fc.constantFrom(...SOURCES), told: fc.oneof(fc.constant({}), fc.record({ personalize: permission, measure: permission }), fc.record({ measure: permission })) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('fail' as const), tab, source: fc.constantFrom(...SOURCES) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('signal' as const), signal: fc.nat(SIGNALS.length - 1) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), days: fc.constantFrom(1, 90, 179, 180, 181) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('forget' as const), tab }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('page' as const), page }) },
)

beforeEach(() => localStorage.clear())
afterEach(() => vi.unstubAllGlobals())

test('whatever is said, in whatever order, by whom and in which tab, what holds is what a plain reading of it says', () => {
  fc.assert(
    fc.property(page, fc.array(step, { maxLength: 24, size: 'max' }), (first, steps) => {
      localStorage.clear()
      vi.stubGlobal('navigator', {})
      let now = Date.UTC(2026, 0, 1)
      const plain = model()
      const real = world(now)
      for (const each of [plain, real]) {
        each.at(now)
        each.page(first)
      }
      /** What has been granted by anybody since nobody knew this visitor. */
      let yes = new Set<string>()
      for (const one of steps) {
        if (one.do === 'choose') {
          plain.choose(one.choice)
          real.tabs()[one.tab]?.consenting.choose(one.choice as { measure: 'granted' })
        } else if (one.do === 'tell') {
          plain.tell(one.tab, one.source, one.told)
          real.tabs()[one.tab]?.heard.get(one.source)?.(one.told)
        } else if (one.do === 'fail') real.tabs()[one.tab]?.failed.get(one.source)?.(new Error('broken'))
        else if (one.do === 'signal') {
          plain.signal(one.signal > 0)
          vi.stubGlobal('navigator', SIGNALS[one.signal])
        } else if (one.do === 'wait') {
          now += one.days * DAY
          plain.at(now)
          real.at(now)
        } else if (one.do === 'forget') {
          plain.forget()
          real.tabs()[one.tab]?.consenting.forget()
          yes = new Set()
        } else {
          plain.page(one.page)
          real.page(one.page)
        }
        if (one.do === 'choose' || one.do === 'tell') {
          const words = one.do === 'choose' ? one.choice : one.told
          for (const purpose of PURPOSES) if (words[purpose] === 'granted') yes.add(purpose)
        }
        window.dispatchEvent(Object.assign(new Event('storage'), { key: KEY }))
        for (const { consenting } of real.tabs()) {
          const { personalize, measure, by } = consenting.state()
          expect([personalize, measure, by]).toEqual(plain.state())
          expect(consenting.mode()).toBe(plain.mode())
          expect(consenting.measures()).toBe(measure === 'granted' && plain.mode() === 'local')
          // Unknown is never granted.
          for (const purpose of PURPOSES) if (consenting.state()[purpose] === 'granted') expect(yes).toContain(purpose)
          // Who has said nothing leaves nothing.
          if (yes.size === 0 && !steps.some(({ do: did }) => did === 'choose' || did === 'tell')) expect(localStorage.length).toBe(0)
        }
      }
      for (const one of real.tabs()) one.stop()
    }),
    {
      numRuns: Number(process.env.SOAK ?? 800),
      // What was answered to a newer question, said again half a year later where an older one is asked.
      examples: [
        [
          { rules: { revision: 2, before: 'local' }, sources: ['one', 'two'] },
          [
            { do: 'tell', tab: 0, source: 'two', told: { measure: 'denied' } },
            { do: 'page', page: { rules: { revision: 0, before: 'local' }, sources: ['one', 'two'] } },
            { do: 'wait', days: 181 },
            { do: 'tell', tab: 0, source: 'two', told: { measure: 'denied' } },
            { do: 'page', page: { rules: { revision: 1, before: 'local' }, sources: [] } },
          ],
        ],
      ],
    },
  )
}, process.env.SOAK ? 3_600_000 : undefined)

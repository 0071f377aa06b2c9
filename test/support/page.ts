// A page of a visitor in a document of its own, on the browser's database: every slot is on screen as soon as it is watched.

import { vi } from 'vitest'
import { type Options, personalize, type Ruleset, type Site } from '../../src/index.js'

export const KEY = 'slotwise:consent'
export const ALL = { personalize: 'granted', measure: 'granted' } as const
export const NONE = { personalize: 'denied', measure: 'denied' } as const

export const RULES = {
  version: 1,
  goals: { signup: { event: 'signup', window: '7d' } },
  slots: { hero: { experiences: [{ name: 'hero', show: 'spring', goal: 'signup' }], variants: { spring: { text: { h1: 'Spring' } } } } },
  consent: { before: 'local', revision: 1 },
  sync: { endpoint: '/collect/v1/logs' },
} satisfies Ruleset

/** Whatever is observed is met at once, its start and half of it. */
export class Observer {
  #heard: IntersectionObserverCallback
  constructor(heard: IntersectionObserverCallback) {
    this.#heard = heard
  }
  observe(target: Element): void {
    const entry = { target, isIntersecting: true, intersectionRatio: 1, boundingClientRect: { top: 0 }, intersectionRect: { height: 10 }, rootBounds: { height: 100 } }
    queueMicrotask(() => this.#heard([entry as unknown as IntersectionObserverEntry], this as unknown as IntersectionObserver))
  }
  unobserve(): void {}
  disconnect(): void {}
}

export interface Network {
  posted: string[]
  signals: (AbortSignal | null | undefined)[]
  answer: () => Response | Promise<Response>
}

export const network = (): Network => ({ posted: [], signals: [], answer: () => new Response('{}', { headers: { 'content-type': 'application/json' } }) })

const SHARED = Symbol.for('slotwise')

/** Another tab of the same browser: it does not find the site of the first. */
export function tab(net: Network, ruleset: Options['ruleset'] = RULES, options: Partial<Options> = {}): Site {
  delete (globalThis as { [SHARED]?: unknown })[SHARED]
  return personalize({
    ruleset,
    random: () => 0,
    fetch: (async (_: string, init?: RequestInit) => {
      net.posted.push(String(init?.body))
      net.signals.push(init?.signal)
      return net.answer()
    }) as typeof globalThis.fetch,
    ...options,
  })
}

export const later = (ms = 60): Promise<void> => new Promise((done) => setTimeout(done, ms))
export const soon = <T>(check: () => T | Promise<T>): Promise<T> => vi.waitFor(check, { timeout: 3000, interval: 10 })

export const heading = (): string => document.querySelector('[data-slot=hero] h1')?.textContent ?? ''

/** First parts of the keys in the database; undefined where there is none. */
export async function kept(): Promise<unknown[] | undefined> {
  if (!(await indexedDB.databases()).some(({ name }) => name === 'slotwise')) return undefined
  const open = await new Promise<IDBDatabase>((done) => {
    const request = indexedDB.open('slotwise')
    request.onsuccess = () => done(request.result)
  })
  const keys = await new Promise<IDBValidKey[]>((done) => {
    const request = open.transaction('rows').objectStore('rows').getAllKeys()
    request.onsuccess = () => done(request.result)
  })
  open.close()
  return keys.map((key) => (key as unknown[])[0])
}

export const ours = (): string[] => Object.keys(localStorage).filter((key) => key.startsWith('slotwise'))
export const metrics = ({ posted }: Network): string[] => posted.map((body) => /"eventName":"slotwise\.(\w+)"/.exec(body)?.[1] ?? '?').sort()

// What every consent source has to do, whoever made the manager: read against the record of consent itself.

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Consenting, openConsent } from '../../../src/consent.js'
import { follow } from '../../../src/sources.js'
import type { ConsentSource } from '../../../src/types.js'

type Answer = 'all' | 'none' | 'personalize' | 'measure'

/** A consent manager in this page, with a visitor before it. */
export interface Manager {
  source: ConsentSource
  /** Its code arrives, and asks whoever has not answered. */
  load(): void | Promise<void>
  /** The visitor answers, or opens the dialog again and answers anew. */
  answer(answer: Answer): void | Promise<void>
  /** Its code arrives in the page of a visitor who has given this answer before. */
  returning(answer: Answer): void | Promise<void>
  /** How many listeners it has to call; where that can be seen. */
  listeners?(): number
  leave(): void | Promise<void>
}

export interface Watched {
  consenting: Consenting
  said(): (string | undefined)[]
  trouble: string[]
  stop(): void
}

/** Consent as a page has it, that listens to these sources. */
export function watch(sources: ConsentSource[], rules = { revision: 0 }, clock = { now: Date.now() }): Watched {
  const trouble: string[] = []
  const consenting = openConsent({ now: () => clock.now, changed: () => {}, report: (message) => trouble.push(message) })
  consenting.ask(rules, true, true)
  const undo = follow(sources, rules, consenting, () => clock.now, (_, message, error) => trouble.push(`${message}: ${error}`))
  return {
    consenting,
    said: () => {
      const { personalize, measure, by } = consenting.state()
      return [personalize, measure, by]
    },
    trouble,
    stop: () => {
      undo()
      consenting.stop()
    },
  }
}

const soon = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 3000, interval: 5 })
const later = (): Promise<void> => new Promise((done) => setTimeout(done, 80))

export function consentSourceContract(name: string, open: () => Manager | Promise<Manager>): void {
  let manager: Manager
  let watched: Watched[]
  const start = (): Watched => {
    const one = watch([manager.source])
    watched.push(one)
    return one
  }
  const says = (one: Watched, ...words: string[]): Promise<void> => soon(() => expect(one.said()).toEqual(words))

  beforeEach(async () => {
    localStorage.clear()
    watched = []
    manager = await open()
  })
  afterEach(async () => {
    for (const one of watched) {
      one.stop()
      expect(one.trouble).toEqual([])
    }
    await manager.leave()
    localStorage.clear()
  })

  test(`${name}: while the visitor is being asked, nobody has answered`, async () => {
    await manager.load()
    const one = start()
    await later()
    expect(one.said()).toEqual(['unset', 'unset', 'nobody'])
    expect(Object.keys(localStorage).filter((key) => key.startsWith('slotwise'))).toEqual([])
  })

  test(`${name}: a yes is the visitor’s, and by its name`, async () => {
    await manager.load()
    const one = start()
    await manager.answer('all')
    await says(one, 'granted', 'granted', name)
  })

  test(`${name}: a no is remembered as one`, async () => {
    await manager.load()
    const one = start()
    await manager.answer('none')
    await says(one, 'denied', 'denied', name)
  })

  test(`${name}: who has allowed one thing has not allowed the other`, async () => {
    await manager.load()
    const one = start()
    await manager.answer('personalize')
    await says(one, 'granted', 'denied', name)
    await manager.answer('measure')
    await says(one, 'denied', 'granted', name)
  })

  test(`${name}: a visitor may change their mind, and change it back`, async () => {
    await manager.load()
    const one = start()
    for (const [answer, word] of [['all', 'granted'], ['none', 'denied'], ['all', 'granted']] as const) {
      await manager.answer(answer)
      await says(one, word, word, name)
    }
  })

  test(`${name}: what was answered on an earlier page is heard by a page that starts after it`, async () => {
    await manager.returning('all')
    await says(start(), 'granted', 'granted', name)
  })

  test(`${name}: one that comes later than Slotwise is heard when it comes; until then the last answer stands`, async () => {
    const one = start()
    await later()
    expect(one.said()).toEqual(['unset', 'unset', 'nobody'])
    await manager.load()
    await manager.answer('none')
    await says(one, 'denied', 'denied', name)
  })

  test(`${name}: one that comes later with an answer from before is heard, too`, async () => {
    const one = start()
    await manager.returning('all')
    await says(one, 'granted', 'granted', name)
  })

  test(`${name}: one that never comes leaves what was answered last, and grants nothing`, async () => {
    await manager.load()
    const first = start()
    await manager.answer('personalize')
    await says(first, 'granted', 'denied', name)
    first.stop()
    await manager.leave()
    const next = start()
    await later()
    expect(next.said()).toEqual(['granted', 'denied', name])
    next.consenting.forget()
    expect(next.said()).toEqual(['unset', 'unset', 'nobody'])
  })

  test(`${name}: undone, it hears nothing more`, async () => {
    await manager.load()
    const before = manager.listeners?.()
    const one = start()
    await manager.answer('none')
    await says(one, 'denied', 'denied', name)
    one.stop()
    expect(manager.listeners?.()).toBe(before)
    await manager.answer('all')
    await later()
    expect(one.said()).toEqual(['denied', 'denied', name])
  })

  test(`${name}: undone before it came, it hears nothing either`, async () => {
    const one = start()
    one.stop()
    await manager.load()
    await manager.answer('all')
    await later()
    expect(one.said()).toEqual(['unset', 'unset', 'nobody'])
  })
}

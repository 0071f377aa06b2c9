// Somebody else's banner: what a page does with the answers of consent managers, and what a yes takes along.

import { IDBFactory } from 'fake-indexeddb'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { ConsentSource, Diagnostic, Options, Ruleset, Site, Told } from '../src/index.js'
import { ALL, heading, KEY, kept, later, type Network, network, NONE, Observer, RULES, soon, tab } from './support/page.js'

let net: Network
let sites: Site[]

beforeEach(() => {
  localStorage.clear()
  vi.stubGlobal('indexedDB', new IDBFactory())
  vi.stubGlobal('IntersectionObserver', Observer)
  net = network()
  sites = []
  document.body.innerHTML = '<section data-slot="hero"><h1>Welcome</h1></section>'
})
afterEach(async () => {
  for (const site of sites) site.stop()
  await later()
  vi.unstubAllGlobals()
})

const before = (mode: 'local' | 'memory' | 'off'): Ruleset => ({ ...RULES, consent: { before: mode, revision: 1 } })
const open = async (consentSources?: ConsentSource[], ruleset: Options['ruleset'] = RULES): Promise<Site> => {
  const site = tab(net, ruleset, { consentSources })
  sites.push(site)
  await site.ready
  return site
}
const said = (site: Site) => {
  const { personalize, measure, by } = site.consent()
  return [personalize, measure, by]
}
/** The browser tells the other tabs. */
const tellTabs = (): void => void window.dispatchEvent(Object.assign(new Event('storage'), { key: KEY }))

/** A manager that says what it is told to. */
interface Manager extends ConsentSource {
  say(told: Told): void
  listening(): boolean
}
const manager = (name: string, open?: () => void): Manager => {
  let hear: ((told: Told) => void) | undefined
  return {
    name,
    subscribe: (heard) => {
      hear = heard
      return () => {
        hear = undefined
      }
    },
    ...(open && { open }),
    say: (told) => hear?.(told),
    listening: () => hear !== undefined,
  }
}
const opened = async (...managers: Manager[]): Promise<Site> => {
  const site = await open(managers)
  await soon(() => expect(managers.map(({ listening }) => listening())).toEqual(managers.map(() => true)))
  return site
}

/** All that the log holds, in its order. */
async function log(): Promise<{ type: string; props: { n?: number } }[]> {
  const database = await new Promise<IDBDatabase>((done) => {
    const request = indexedDB.open('slotwise')
    request.onsuccess = () => done(request.result)
  })
  const rows = await new Promise<{ events: { type: string; props: object }[] }[]>((done) => {
    const request = database.transaction('rows').objectStore('rows').getAll(IDBKeyRange.bound(['e'], ['e', []]))
    request.onsuccess = () => done(request.result)
  })
  database.close()
  return rows.flatMap(({ events }) => events)
}

test('where a consent manager asks, we do not, and its answer is the visitor’s', async () => {
  const cmp = manager('cmp')
  const site = await opened(cmp)
  expect(site.consent().notice.asks).toBe(false)
  expect(said(site)).toEqual(['unset', 'unset', 'nobody'])
  const heard: unknown[] = []
  site.on('consent', ({ personalize, measure, by }) => heard.push([personalize, measure, by]))
  cmp.say(ALL)
  // Kept as soon as it is told.
  expect(JSON.parse(localStorage.getItem(KEY) ?? '')).toMatchObject({ ...ALL, by: 'cmp' })
  cmp.say(ALL)
  cmp.say({ personalize: 'granted', measure: 'denied' })
  expect(heard).toEqual([['unset', 'unset', 'nobody'], ['granted', 'granted', 'cmp'], ['granted', 'denied', 'cmp']])
})

test('an empty list of managers is none: our banner asks', async () => {
  expect((await open([])).consent().notice.asks).toBe(true)
})

test('of two managers any no beats any yes, and both are named', async () => {
  const [one, two] = [manager('one'), manager('two')]
  const site = await opened(one, two)
  one.say(ALL)
  expect(said(site)).toEqual(['granted', 'granted', 'one'])
  two.say({ measure: 'denied' })
  expect(said(site)).toEqual(['granted', 'denied', 'one two'])
  two.say({ measure: 'granted' })
  expect(said(site)).toEqual(['granted', 'granted', 'one two'])
})

test('the page of a visitor whose manager comes late, or never, stays as it was left', async () => {
  const cmp = manager('cmp')
  const first = await opened(cmp)
  cmp.say({ personalize: 'granted', measure: 'denied' })
  first.stop()
  await later()
  const site = await open([manager('cmp')])
  await later()
  expect(said(site)).toEqual(['granted', 'denied', 'cmp'])
})

test('a manager’s yes promotes what this page holds, its no takes all of it away at once', async () => {
  const cmp = manager('cmp')
  const site = tab(net, before('memory'), { consentSources: [cmp] })
  sites.push(site)
  await site.ready
  await soon(() => expect(cmp.listening()).toBe(true))
  await site.track('look')
  expect(await kept()).toBeUndefined()
  cmp.say(ALL)
  await soon(async () => expect(await kept()).toContain('e'))
  cmp.say(NONE)
  await soon(async () => expect(await kept()).toEqual([]))
  expect(site.segments()).toEqual([])
  await site.track('look')
  await later()
  expect(await kept()).toEqual([])
})

test('a no to measuring holds before the manager’s own call returns: what is on its way is broken off, and nothing else is sent', async () => {
  const cmp = manager('cmp')
  const first = await opened(cmp)
  cmp.say(ALL)
  await later()
  first.stop()
  await later()
  net.answer = () => new Promise<Response>(() => {})
  const next = manager('cmp')
  const site = await opened(next)
  await soon(() => expect(net.posted.length).toBe(1))
  next.say({ personalize: 'granted', measure: 'denied' })
  expect(site.consent().measure).toBe('denied')
  expect(JSON.parse(localStorage.getItem(KEY) ?? '')).toMatchObject({ measure: 'denied' })
  await soon(() => expect(net.signals.map((signal) => signal?.aborted)).toEqual([true]))
  await site.track('signup')
  await later(1200)
  expect(net.posted.length).toBe(1)
  expect((await kept())?.filter((kind) => 'ogn'.includes(String(kind)))).toEqual([])
})

test('other tabs follow a manager’s no', async () => {
  const cmp = manager('cmp')
  const one = await opened(cmp)
  const two = await open()
  cmp.say(ALL)
  tellTabs()
  expect(said(two)).toEqual(['granted', 'granted', 'cmp'])
  await two.track('look')
  cmp.say(NONE)
  tellTabs()
  expect(said(two)).toEqual(['denied', 'denied', 'cmp'])
  await soon(async () => expect(await kept()).toEqual([]))
  expect(said(one)).toEqual(['denied', 'denied', 'cmp'])
})

test('a source that throws is one diagnostic, says nothing, and takes nobody down', async () => {
  const cmp = manager('cmp')
  const troubles: Diagnostic[] = []
  let fail: (error: unknown) => void = () => {}
  const broken: ConsentSource = {
    name: 'broken',
    subscribe: (_, failed) => {
      fail = failed
      throw new Error('it is gone')
    },
    open: () => {
      throw new Error('shut')
    },
  }
  const site = tab(net, RULES, { consentSources: [broken, cmp] })
  sites.push(site)
  site.on('diagnostic', (trouble) => troubles.push(trouble))
  await site.ready
  await soon(() => expect(cmp.listening()).toBe(true))
  fail(new Error('again'))
  cmp.say(ALL)
  expect(said(site)).toEqual(['granted', 'granted', 'cmp'])
  expect(troubles.map(({ code, message }) => [code, message])).toEqual([['consent', 'The consent source "broken" failed; what was answered last stands']])
})

test('what is no answer is heard as none, and never throws into the page', async () => {
  const cmp = manager('cmp')
  const site = await opened(cmp)
  for (const told of [null, undefined, 'granted', [], { personalize: true, measure: 1 }, { personalize: 'yes' }, Object.create(ALL)]) {
    expect(() => cmp.say(told as Told)).not.toThrow()
    expect(said(site)).toEqual(['unset', 'unset', 'nobody'])
  }
  expect(localStorage.getItem(KEY)).toBeNull()
})

const click = (inner: string): { event: Event; taken: boolean } => {
  document.body.insertAdjacentHTML('beforeend', `<a href="#policy" data-slotwise-consent>${inner}</a>`)
  const event = new MouseEvent('click', { bubbles: true, composed: true, cancelable: true })
  const link = document.querySelector('a[data-slotwise-consent]') as HTMLElement
  ;(link.firstElementChild ?? link).dispatchEvent(event)
  return { event, taken: event.defaultPrevented }
}

test('a click on the page’s control opens the dialog of the first manager that has one', async () => {
  const calls: string[] = []
  await opened(manager('mute'), manager('one', () => calls.push('one')), manager('two', () => calls.push('two')))
  expect(click('<b>Privacy</b>').taken).toBe(true)
  expect(calls).toEqual(['one'])
  document.body.click()
  expect(calls).toEqual(['one'])
})

test('where no manager can be opened the control is an ordinary link, and a dialog that throws is a diagnostic', async () => {
  await opened(manager('mute'))
  expect(click('Privacy').taken).toBe(false)
  for (const site of sites.splice(0)) site.stop()
  document.querySelector('a')?.remove()
  const site = await opened(
    manager('one', () => {
      throw new Error('shut')
    }),
  )
  const troubles: string[] = []
  site.on('diagnostic', ({ message }) => troubles.push(message))
  expect(click('Privacy').taken).toBe(true)
  expect(troubles).toEqual(['The dialog of "one" could not be opened'])
})

test('stopped, a page listens to nobody any more', async () => {
  let calls = 0
  const cmp = manager('cmp', () => calls++)
  const site = await opened(cmp)
  site.stop()
  expect(cmp.listening()).toBe(false)
  click('Privacy')
  expect(calls).toBe(0)
})

test('what a visitor denies here stays denied while the manager repeats what it was told before', async () => {
  const cmp = manager('cmp')
  const first = await opened(cmp)
  cmp.say(ALL)
  await first.consent({ measure: 'denied' })
  first.stop()
  await later()
  const again = manager('cmp')
  const site = await opened(again)
  again.say(ALL)
  expect(said(site)).toEqual(['granted', 'denied', 'visitor'])
})

test('a yes takes what this page holds in memory into the log, in order and once', async () => {
  const site = await open(undefined, before('memory'))
  for (let n = 0; n < 25; n++) void site.track('step', { n })
  await site.traits({ plan: 'pro' })
  expect(await kept()).toBeUndefined()
  await site.consent({ personalize: 'granted', measure: 'denied' })
  const first = await log()
  expect(first.filter(({ type }) => type === 'step').map(({ props }) => props.n)).toEqual(Array.from({ length: 25 }, (_, n) => n))
  expect(first.slice(0, 2).map(({ type }) => type)).toEqual(['visit', 'page_view'])
  // A yes that is said again takes nothing a second time.
  await site.consent({ personalize: 'granted', measure: 'denied' })
  tellTabs()
  await later()
  expect((await log()).length).toBe(first.length)
})

test('a yes in one of two tabs takes along what both hold: one visit, each event once, each tab’s in its order', async () => {
  const one = await open(undefined, before('memory'))
  const two = await open(undefined, before('memory'))
  for (let n = 0; n < 5; n++) {
    void one.track('one', { n })
    void two.track('two', { n })
  }
  await two.traits({ plan: 'pro' })
  await later()
  expect(await kept()).toBeUndefined()
  await one.consent({ personalize: 'granted' })
  tellTabs()
  await soon(async () => expect((await log()).filter(({ type }) => type === 'two').length).toBe(5))
  await later()
  const events = await log()
  for (const type of ['one', 'two']) expect(events.filter((event) => event.type === type).map(({ props }) => props.n)).toEqual([0, 1, 2, 3, 4])
  expect(events.filter(({ type }) => type === 'visit').length).toBe(1)
  expect(events.filter(({ type }) => type === 'page_view').length).toBe(2)
  let profile: { visits: number; traits: object } | undefined
  one.on('profile', (value) => {
    profile = value
  })
  void one.track('again')
  expect(profile).toMatchObject({ visits: 1, traits: { plan: 'pro' } })
})

test('a tab that is closed before the yes leaves nothing for it to take', async () => {
  const one = await open(undefined, before('memory'))
  await one.track('gone')
  one.stop()
  await later()
  const two = await open(undefined, before('memory'))
  await two.consent({ personalize: 'granted' })
  expect((await log()).map(({ type }) => type)).not.toContain('gone')
  expect(heading()).toBe('Spring')
})

// Closing what a slot shows: in templates, in shadow roots, with handlers of the page's own, and only inside a slot.

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { memoryStore, personalize, type Ruleset, type Site, type Stages } from '../../src/index.js'

let root: HTMLElement
let site: Site | undefined
let dismissals: unknown[]
let exposures: string[]

beforeEach(() => {
  root = document.createElement('main')
  document.body.prepend(root)
  dismissals = []
  exposures = []
})
afterEach(() => {
  site?.stop()
  root.remove()
})

const RULES = {
  version: 1,
  slots: {
    hero: { experiences: [{ name: 'offer', show: 'offer', cooldown: { for: '1d' } }] },
    next: { experiences: [{ name: 'inner', show: 'inner', cooldown: { for: '1d' } }], variants: { inner: { text: { h2: 'Inner' } } } },
  },
} satisfies Ruleset
const CLOSE = '<button class="close" data-slotwise-dismiss><span>×</span></button>'
const slot = (variant: string, own = '<h1>Welcome</h1>'): string => `<section data-slot="hero"><template data-variant="offer">${variant}</template>${own}</section>`

const start = async (html: string, ruleset: Ruleset = RULES): Promise<void> => {
  root.innerHTML = html
  site = personalize({ ruleset, storage: memoryStore() })
  site.on('event', ({ type, props }: Stages['event']) => {
    if (type === 'dismiss') dismissals.push(props.experience)
    if (type.startsWith('exposure')) exposures.push(`${type} ${props.experience}`)
  })
  await site.ready
}
const find = (selector: string): HTMLElement => root.querySelector(selector) as HTMLElement
const words = (): string => find('[data-slot=hero]').textContent?.trim() ?? ''

test('a click on the control, or on what is in it, gives the slot its own content back, listeners and all', async () => {
  await start(slot(`<p>Offer</p>${CLOSE}`))
  const own = site?.decide('hero')
  expect([own?.variant, words()]).toEqual(['offer', 'Offer×'])
  find('.close span').click()
  expect([words(), dismissals]).toEqual(['Welcome', ['offer']])
  expect(find('[data-slot]').getAttribute('data-slot-state')).toBe('default')
  expect(site?.decide('hero')).toMatchObject({ reason: 'dismissed', variant: 'default' })
})

test('other clicks, and controls outside of slots, close nothing', async () => {
  await start(`${slot('<p>Offer</p>')}<button class="outside" data-slotwise-dismiss>×</button>`)
  find('p').click()
  find('.outside').click()
  document.documentElement.click()
  expect([words(), dismissals]).toEqual(['Offer', []])
})

test('every element of the slot shows its own content, and one that comes later does, too', async () => {
  await start(slot(`Offer${CLOSE}`) + slot(`Offer${CLOSE}`))
  find('.close').click()
  root.insertAdjacentHTML('beforeend', slot(`Offer${CLOSE}`))
  await vi.waitFor(() => expect([...root.children].map((one) => one.textContent?.trim())).toEqual(['Welcome', 'Welcome', 'Welcome']))
  await new Promise((next) => setTimeout(next, 100))
  expect([root.querySelectorAll('.close').length, dismissals]).toEqual([0, ['offer']])
})

test('what is closed before it was looked at for a second has not been seen', async () => {
  await start(slot(`Offer${CLOSE}`))
  await vi.waitFor(() => expect(exposures).toEqual(['exposure offer']))
  find('.close').click()
  await new Promise((next) => setTimeout(next, 1400))
  expect(exposures).toEqual(['exposure offer'])
})

test('the page’s own handlers run, and cannot keep it open by mistake', async () => {
  await start(slot(`Offer${CLOSE}`))
  const heard: string[] = []
  find('.close').addEventListener('click', (event) => {
    event.stopPropagation()
    heard.push('own')
  })
  find('.close').click()
  expect([heard, words()]).toEqual([['own'], 'Welcome'])
})

test('a control in a form sends nothing', async () => {
  let sent = 0
  const listener = (event: Event): void => {
    event.preventDefault()
    sent++
  }
  document.addEventListener('submit', listener)
  await start(slot(`<form action="/nowhere"><input name="mail">${CLOSE}</form>`))
  find('.close').click()
  expect([words(), sent]).toEqual(['Welcome', 0])
  document.removeEventListener('submit', listener)
})

test('a control in an open shadow root inside the slot counts', async () => {
  await start(slot('<x-bar></x-bar>', '<i>own</i>'))
  const shadow = find('x-bar').attachShadow({ mode: 'open' })
  shadow.innerHTML = CLOSE
  ;(shadow.querySelector('span') as HTMLElement).click()
  expect([words(), dismissals]).toEqual(['own', ['offer']])
})

test('a control in a slot within a slot closes the inner one', async () => {
  await start(slot(`Outer <div data-slot="next"><h2>own</h2>${CLOSE}</div>`))
  await vi.waitFor(() => expect(find('h2').textContent).toBe('Inner'))
  find('.close').click()
  expect([find('h2').textContent, words(), dismissals]).toEqual(['own', 'Outer own×', ['inner']])
})

test('a control in the page’s own content, that no experience has chosen, is the page’s own affair', async () => {
  await start(slot('', `Welcome ${CLOSE}`), { version: 1, slots: { hero: { experiences: [] } } })
  find('.close').click()
  expect([words(), dismissals]).toEqual(['Welcome ×', []])
})

test('a slot that the ruleset finds by a selector can be closed as any other', async () => {
  const { experiences } = RULES.slots.hero
  await start(`<section id="hero"><h1>Welcome</h1>${CLOSE}</section>`, { version: 1, slots: { hero: { select: '#hero', experiences, variants: { offer: { text: { h1: 'Offer' } } } } } })
  await vi.waitFor(() => expect(find('h1').textContent).toBe('Offer'))
  find('.close').click()
  expect([find('h1').textContent, dismissals]).toEqual(['Welcome', ['offer']])
})

test('a live slot does not bring back what was closed', async () => {
  await start(slot(`Offer${CLOSE}`), { version: 1, slots: { hero: { ...RULES.slots.hero, live: true } } })
  find('.close').click()
  await site?.track('anything')
  expect(words()).toBe('Welcome')
})

test('a live slot keeps what has reached its cap for this page view', async () => {
  await start(slot(`Offer${CLOSE}`), { version: 1, slots: { hero: { experiences: [{ name: 'offer', show: 'offer', cooldown: { for: '1d' }, cap: { times: 1 } }], live: true } } })
  await vi.waitFor(() => expect(exposures).toEqual(['exposure offer']))
  await site?.track('anything')
  expect(words()).toBe('Offer×')
})

test('once stopped, nothing is listened to', async () => {
  await start(slot('Offer', `Welcome ${CLOSE}`))
  site?.stop()
  find('.close').click()
  expect(dismissals).toEqual([])
})

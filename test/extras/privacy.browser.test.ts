// The visitor's page in real browsers, over the real handle with a store in memory.

import axe from 'axe-core'
import { afterEach, expect, test, vi } from 'vitest'
import { privacy } from '../../src/extras/privacy.js'
import { texts as de } from '../../src/extras/privacy/de.js'
import { texts as en } from '../../src/extras/privacy/en.js'
import { texts as es } from '../../src/extras/privacy/es.js'
import { texts as fr } from '../../src/extras/privacy/fr.js'
import { texts as pt } from '../../src/extras/privacy/pt-BR.js'
import { receipt } from '../../src/extras/privacy/receipt.js'
import { memoryStore, personalize, type Ruleset, type Site } from '../../src/index.js'
import { contrast, openPage, type Page } from './page.js'

const RULESET: Ruleset = {
  version: 7,
  segments: { 'shoe-lover': { event: 'product_view', where: { category: 'shoes' }, count: { $gte: 2 } }, pro: { trait: { plan: 'pro' } } },
  slots: {
    hero: { experiences: [{ name: 'finish-order', when: 'shoe-lover', show: 'finish' }], variants: { finish: { text: { h1: 'Finish your order' } } } },
    note: { experiences: [{ name: 'pros', when: 'pro', show: 'pro' }], variants: { pro: { text: { h1: 'For pros' } } } },
  },
  consent: { before: 'local', legalGround: 'x', controller: 'Trilha Ltda', policy: '/privacy' },
  sync: { endpoint: '/collect' },
}

let page: Page
let site: Site
let undo: () => void

afterEach(() => {
  undo()
  site.stop()
  page.close()
  expect(page.trouble).toEqual([])
  localStorage.clear()
})

async function visit(texts = en, width = 390): Promise<void> {
  localStorage.clear()
  page = await openPage({ width, body: '<main><section data-slot="hero"><h1>Welcome</h1></section><div id="me"></div></main>', lang: texts.language })
  site = personalize({ ruleset: RULESET, storage: memoryStore(), root: page.doc })
  await site.ready
  for (let i = 0; i < 3; i++) void site.track('product_view', { category: 'shoes' })
  await site.traits({ plan: 'pro' }, { source: 'crm' })
  undo = privacy(page.doc.querySelector('#me') as Element, { texts })(site)
  await seen(texts.title)
}
const root = (): ShadowRoot => page.doc.querySelector('#me > div')?.shadowRoot as ShadowRoot
const said = (): string => (root()?.textContent ?? '').replace(/\s+/g, ' ')
const seen = (words: string): Promise<void> => vi.waitFor(() => expect(said()).toContain(words), { timeout: 5000 })
const press = (act: string): void => (root().querySelector(`[data-act="${act}"]`) as HTMLButtonElement).click()
const section = (title: string): string => [...root().querySelectorAll('section')].find((one) => one.querySelector('h3')?.textContent === title)?.textContent ?? ''

test('it says what is known, in which groups the visitor is and because of what, what is shown, and by which rules', async () => {
  await visit()
  expect(section(en.did)).toMatch(/product view ?3 ×, last on /)
  expect(section(en.told)).toMatch(/plan: pro ?from “crm”/)
  expect(section(en.groups)).toMatch(/shoe-lover ?because of product view \(3 ×/)
  expect(section(en.groups)).toMatch(/pro ?because of plan: pro/)
  expect(section(en.shown)).toMatch(/hero: finish ?because of product view \(3 ×/)
  expect(section(en.rules)).toMatch(/Version 7: sha256-[0-9a-f]{64}/)
  expect(section(en.rules)).toContain('90 days')
  expect(section(en.rows)).toContain(en.nothingSent)
})

test('one thing is forgotten by a press, and what followed from it goes with it', async () => {
  await visit()
  press('event product_view')
  await vi.waitFor(() => expect(section(en.did)).not.toContain('product view'))
  await seen(en.done)
  expect(section(en.groups)).not.toContain('shoe-lover')
  press('trait plan')
  await vi.waitFor(() => expect(section(en.told)).toBe(''))
  expect(site.segments()).toEqual([])
})

test('who is not interested is not shown it again, until they say so', async () => {
  await visit()
  press('decline finish-order')
  await vi.waitFor(() => expect(section(en.declined)).toContain('finish-order'))
  expect(section(en.shown)).toMatch(/hero ?as for everybody/)
  press('again finish-order')
  await vi.waitFor(() => expect(section(en.shown)).toContain('hero: finish'))
  expect(section(en.told)).not.toContain('declined')
})

test('a purpose is allowed and taken back, and all of it is paused', async () => {
  await visit()
  press('measure granted')
  await vi.waitFor(() => expect(site.consent()).toMatchObject({ measure: 'granted', by: 'visitor' }))
  await seen('Your answer holds until')
  press('measure denied')
  await vi.waitFor(() => expect(site.consent().measure).toBe('denied'))
  press('pause ')
  await seen(en.paused)
  expect(site.consent().paused).toBe(true)
  // What it does is said, and so it is after somebody else has done it.
  site.resume()
  await vi.waitFor(() => expect(said()).not.toContain(en.paused))
})

test('erasing asks once, and can be thought better of', async () => {
  await visit()
  press('sure ')
  await seen(en.sure)
  expect(root().activeElement?.textContent ?? '').not.toBe(en.erase)
  press('keep ')
  await vi.waitFor(() => expect(said()).not.toContain(en.sure))
  expect(site.segments()).toContain('pro')
  press('sure ')
  await seen(en.sure)
  press('erase ')
  await seen(en.empty)
  expect(site.segments()).toEqual([])
})

test('by keyboard the focus stays with what was pressed, or goes to the top', async () => {
  await visit()
  const button = root().querySelector('[data-act="pause "]') as HTMLButtonElement
  button.focus()
  button.click()
  await seen(en.paused)
  await vi.waitFor(() => expect(root().activeElement).toBe(root().querySelector('h2')))
})

test.each([en, pt, es, fr, de])('nothing is left open in the words, and it is right for every reader: $language', async (texts) => {
  await visit(texts, 320)
  press('pause ')
  await seen(texts.paused)
  expect(said()).not.toMatch(/undefined|[{}]/)
  expect((root().host as HTMLElement).lang).toBe(texts.language)
  // Nothing sticks out of the smallest screen.
  expect(page.doc.documentElement.scrollWidth).toBeLessThanOrEqual(320)
  for (const one of root().querySelectorAll('button')) expect(one.getBoundingClientRect().height).toBeGreaterThanOrEqual(44)
  const view = page.view
  const [text, back] = [view.getComputedStyle(root().querySelector('small, p') as Element).color, view.getComputedStyle(root().host).backgroundColor]
  expect(contrast(text, back)).toBeGreaterThanOrEqual(4.5)
})

test('no rule of accessibility is broken, in light and dark', async () => {
  await visit()
  // In this document, since axe looks at no other.
  const here = document.createElement('main')
  document.body.append(here)
  const stop = privacy(here, { texts: en })(site)
  await vi.waitFor(() => expect(here.querySelector('div')?.shadowRoot?.querySelector('h2')).toBeTruthy())
  const { violations } = await axe.run(here, { resultTypes: ['violations'] })
  stop()
  here.remove()
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([])
  const rule = [...(root().adoptedStyleSheets[0] as CSSStyleSheet).cssRules].find((one) => one.type === CSSRule.MEDIA_RULE) as CSSMediaRule
  rule.media.mediaText = 'all'
  const style = page.view.getComputedStyle(root().querySelector('small') as Element)
  expect(contrast(style.color, page.view.getComputedStyle(root().host).backgroundColor)).toBeGreaterThanOrEqual(4.5)
})

test('what is taken along arrives on a device that knows nothing, once, in a real database', async () => {
  await visit()
  const device = async (): Promise<Site> => {
    site.stop()
    site = personalize({ ruleset: RULESET, root: page.doc })
    await site.ready
    return site
  }
  const all = await site.export()
  await device()
  await site.forget()
  expect(site.segments()).toEqual([])
  expect(await site.import(all)).toEqual({ ok: true, events: all.events.length, traits: 1 })
  expect(await site.import(JSON.stringify(all))).toEqual({ ok: true, events: 0, traits: 0 })
  expect((await device()).segments()).toEqual(['shoe-lover', 'pro'])
  await site.forget({ event: 'product_view' })
  expect((await device()).segments()).toEqual(['pro'])
  expect(JSON.stringify((await site.export()).events)).not.toContain('product_view')
  await site.forget()
})

test('the receipt has the fields of the standard, and names nobody but the controller', async () => {
  await visit()
  await site.consent({ personalize: 'granted', measure: 'denied' })
  const one = receipt(await site.export(), site.consent(), 'en', 'https://example.com/me')
  expect(one).toMatchObject({
    record_id: expect.stringMatching(/^sha256-[0-9a-f]{64}#\d{5}$/),
    pii_principal_id: 'this-device',
    pii_processing: {
      privacy_notice: 'https://example.com/privacy',
      purposes: [
        { purpose: 'personalize', state: 'given', retention_period: 'P90D' },
        { purpose: 'measure', state: 'refused' },
      ],
      withdrawal_method: 'https://example.com/me',
    },
    party_identification: [{ party_name: 'Trilha Ltda', party_role: 'controller' }],
    events: [{ event_type: 'explicit', valid_until: expect.stringMatching(/^\d{4}-/) }],
  })
})

import axe from 'axe-core'
import { afterEach, expect, test, vi } from 'vitest'
import plugin, { type AskingSite, type BannerOptions, banner } from '../../src/extras/banner.js'
import type { Choice, Consent } from '../../src/types.js'
import { type Texts, wording } from '../../src/extras/banner/texts.js'
import { contrast, openPage, type Page, type PageOptions, prefer } from './page.js'

const NOTICE = { controller: 'Trilha Ltda', policy: '/privacy', asks: true, sends: true }
const NOBODY: Consent = { personalize: 'unset', measure: 'unset', by: 'nobody', notice: NOTICE }
const ANSWERED: Consent = { personalize: 'granted', measure: 'denied', by: 'visitor', notice: NOTICE }
const SIGNAL: Consent = { personalize: 'denied', measure: 'denied', by: 'signal', notice: NOTICE }
const ACCEPTED: Choice = { personalize: 'granted', measure: 'granted' }
const REJECTED: Choice = { personalize: 'denied', measure: 'denied' }

/** A site that takes any answer, and tells of it as the real one does. */
function asked(state?: Consent) {
  const listeners = new Set<(state: Consent) => void>()
  const choices: Choice[] = []
  const evidence: Choice['evidence'][] = []
  const tell = (next: Consent): void => {
    state = next
    for (const listener of [...listeners]) listener(next)
  }
  const site: AskingSite = {
    on: (_, listener) => {
      listeners.add(listener)
      if (state) listener(state)
      return () => listeners.delete(listener)
    },
    consent: async ({ evidence: how, ...choice }) => {
      evidence.push(how)
      choices.push(choice)
      tell({ ...(state as Consent), ...choice, by: 'visitor' })
    },
  }
  return { site, choices, evidence, tell, listeners }
}

let page: Page
let stop: (() => void) | undefined
let said: unknown[]
const errors = vi.spyOn(console, 'error').mockImplementation((...words) => void said.push(...words))

function leave(): void {
  stop?.()
  stop = undefined
  page.close()
  expect(page.trouble).toEqual([])
}

afterEach(() => {
  vi.useRealTimers()
  leave()
})

/** Opens a page, and a banner on it. */
async function visit(state: Consent | undefined = NOBODY, options: BannerOptions = {}, on: PageOptions = {}) {
  said = []
  errors.mockClear()
  page = await openPage(on)
  return begin(state, options)
}

function begin(state?: Consent, options: BannerOptions = {}) {
  const fake = asked(state)
  stop = banner({ root: page.doc, ...options })(fake.site)
  return fake
}

const host = (): HTMLElement | null => page.doc.querySelector('[data-slotwise-banner]')
const region = (): HTMLElement | null => page.doc.querySelector('[data-slotwise-banner] :is(section, dialog)')
const all = <E extends HTMLElement>(selector: string): E[] => [...(host()?.querySelectorAll<E>(selector) ?? [])]
const seen = (element: Element | undefined): boolean => !!element?.getClientRects().length
const buttons = (): HTMLButtonElement[] => all<HTMLButtonElement>('button').filter(seen)
const button = (words: RegExp): HTMLButtonElement => buttons().find((one) => words.test(one.textContent ?? '') || words.test(one.ariaLabel ?? '')) as HTMLButtonElement
const boxes = () => all<HTMLInputElement>('input[type=checkbox]')
const status = (): string | null | undefined => host()?.querySelector('[role=status]')?.textContent
const press = (key: string, on: Element | null = page.doc.activeElement): void =>
  void on?.dispatchEvent(new page.view.KeyboardEvent('keydown', { key, bubbles: true, composed: true }))
const settled = () => new Promise((resolve) => setTimeout(resolve, 30))
/** In the order of Tab. */
const tabbable = (): HTMLElement[] =>
  [...page.doc.querySelectorAll<HTMLElement>('a[href], button, input, select, textarea, [tabindex="0"]')].filter((one) => seen(one) && !(one as HTMLInputElement).disabled)
const follows = (one: Node, other: Node): boolean => !!(one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING)

// ---------------------------------------------------------------- the question

test('nobody is asked before the site knows what to ask', async () => {
  page = await openPage()
  const { tell } = begin()
  expect(host()).toBeNull()
  tell(NOBODY)
  expect(seen(region() as Element)).toBe(true)
})

const LAYOUTS = ['bar', 'box', 'dialog'] as const

test('B02: accepting, rejecting and managing are three buttons that stand together, and none of them is a link', async () => {
  for (const layout of LAYOUTS) {
    await visit(NOBODY, { layout })
    const three = [button(/^Accept/), button(/^Reject/), button(/^Manage/)]
    expect(new Set(three.map((one) => one.parentElement)).size).toBe(1)
    for (const one of three) expect([one.tagName, one.type, seen(one)]).toEqual(['BUTTON', 'button', true])
    leave()
  }
})

test('B08: a visitor reads who asks, what for in a line each, and where the policy is, before the buttons', async () => {
  await visit()
  expect(region()?.textContent).toContain('Trilha Ltda')
  const link = all<HTMLAnchorElement>('a')[0] as HTMLAnchorElement
  expect(link.getAttribute('href')).toBe('/privacy')
  expect(all('strong').length).toBe(2)
  expect(all('strong + small').length).toBe(2)
  for (const before of [link, ...all('strong, small')]) expect(follows(before, button(/^Accept/))).toBe(true)
})

test('B03: one click accepts, and one click rejects', async () => {
  const { choices } = await visit()
  button(/^Accept/).click()
  stop?.()
  const second = begin(NOBODY)
  button(/^Reject/).click()
  await settled()
  expect([...choices, ...second.choices]).toEqual([ACCEPTED, REJECTED])
  expect(region()).toBeNull()
})

const LOOKS = [
  'color', 'backgroundColor', 'backgroundImage', 'borderTopColor', 'borderTopWidth', 'borderTopStyle', 'borderTopLeftRadius', 'fontSize', 'fontWeight', 'fontFamily', 'textDecorationLine',
  'paddingTop', 'paddingLeft', 'opacity', 'boxShadow', 'textTransform', 'letterSpacing', 'cursor', 'filter',
] as const

test.each(LAYOUTS.flatMap((layout) => [320, 390, 700, 1200].map((width) => [layout, width] as const)))('B04: accepting and rejecting look the same in both layers: %s, at %i px', async (layout, width) => {
  await visit(NOBODY, { layout }, { width })
  for (const layer of [1, 2]) {
    const [accept, reject] = [button(/^Accept/), button(/^Reject/)]
    expect(Math.abs(accept.offsetWidth - reject.offsetWidth), `layer ${layer}`).toBeLessThanOrEqual(1)
    expect(Math.abs(accept.offsetHeight - reject.offsetHeight)).toBeLessThanOrEqual(1)
    const [one, other] = [accept, reject].map((element) => page.view.getComputedStyle(element)) as [CSSStyleDeclaration, CSSStyleDeclaration]
    for (const look of LOOKS) expect(one[look], look).toBe(other[look])
    // Beside or under each other, with nothing left over in their row.
    const row = button(/^(Manage|Save)/).getBoundingClientRect()
    expect(accept.getBoundingClientRect().left).toBeCloseTo(row.left, 0)
    expect(reject.getBoundingClientRect().right).toBeCloseTo(row.right, 0)
    if (layer === 1) button(/^Manage/).click()
  }
})

test('where nothing is ever sent, only one thing is asked, and the banner says so', async () => {
  const silent = { ...NOBODY, notice: { asks: true, sends: false } }
  const { choices } = await visit(silent)
  expect(all('strong').length).toBe(1)
  expect(region()?.textContent).toContain('This site sends nothing')
  button(/^Manage/).click()
  expect(boxes().length).toBe(1)
  button(/^Accept/).click()
  await settled()
  expect(choices).toEqual([{ personalize: 'granted' }])
})

test('a site that names neither controller nor policy asks all the same', async () => {
  await visit({ ...NOBODY, notice: { asks: true, sends: true } })
  expect(all('a').length).toBe(0)
  expect(button(/^Accept/)).toBeDefined()
  expect(region()?.textContent).not.toContain('{')
})

test('an address that would run code is no link to a policy', async () => {
  await visit({ ...NOBODY, notice: { asks: true, sends: true, policy: 'javascript:alert(1)' } })
  expect(all('a').length).toBe(0)
})

// ---------------------------------------------------------------- the second layer

test('B06: no box is ticked for a visitor who has not chosen', async () => {
  await visit()
  button(/^Manage/).click()
  expect(boxes().map(({ checked }) => checked)).toEqual([false, false])
})

test('B14: nothing is claimed as a legitimate interest, in any language: two boxes, two purposes', async () => {
  for (const lang of ['en', 'pt-BR', 'es', 'fr', 'de']) {
    await visit(NOBODY, {}, { lang })
    await vi.waitFor(() => expect(region()).not.toBeNull(), 8000)
    all('.slotwise-actions button')[2]?.click()
    expect(boxes().length).toBe(2)
    expect(host()?.textContent).not.toMatch(/legitim|legítim|légitim|berechtigt|essential|necess[aá]r|erforderlich|nécessaire/i)
    leave()
  }
})

test('what is ticked is saved, and nothing else', async () => {
  const { choices } = await visit()
  button(/^Manage/).click()
  boxes()[0]?.click()
  // Ticking neither closes nor saves.
  expect(region()).not.toBeNull()
  expect(choices).toEqual([])
  button(/^Save/).click()
  await settled()
  expect(choices).toEqual([{ personalize: 'granted', measure: 'denied' }])
})

test('measuring can be ticked only together with what is measured', async () => {
  const { choices } = await visit()
  button(/^Manage/).click()
  const [personalize, measure] = boxes() as [HTMLInputElement, HTMLInputElement]
  measure.click()
  expect(measure.checked).toBe(false)
  personalize.click()
  measure.click()
  expect(measure.checked).toBe(true)
  personalize.click()
  expect([measure.checked, measure.disabled]).toEqual([false, true])
  button(/^Save/).click()
  await settled()
  expect(choices).toEqual([REJECTED])
})

test('saving at once, with nothing ticked, rejects', async () => {
  const { choices } = await visit()
  button(/^Manage/).click()
  button(/^Save/).click()
  await settled()
  expect(choices).toEqual([REJECTED])
})

// ---------------------------------------------------------------- no answer is no answer

test('B07: Esc, the cross, scrolling and waiting answer nothing', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'Date'] })
  page = await openPage({ body: '<div id="tall"></div>' })
  page.style('#tall { height: 3000px }')
  const { choices } = begin(NOBODY)
  page.view.scrollTo(0, 900)
  vi.advanceTimersByTime(86_400_000)
  press('Escape', page.doc.body)
  expect(region()).not.toBeNull()
  press('Escape', button(/^Accept/))
  expect(region()).toBeNull()
  stop?.()
  const second = begin(NOBODY)
  button(/Close/).click()
  expect(region()).toBeNull()
  vi.useRealTimers()
  await settled()
  expect([...choices, ...second.choices]).toEqual([])
})

test('put aside, the question does not come back by itself in this page', async () => {
  const { tell } = await visit()
  button(/Close/).click()
  tell(NOBODY)
  expect(region()).toBeNull()
  button(/^Privacy/).click()
  expect(button(/^Accept/)).toBeDefined()
})

test('B13: the page can be used without an answer', async () => {
  await visit(NOBODY, {}, { body: '<button id="own">Own</button>' })
  let clicks = 0
  page.doc.getElementById('own')?.addEventListener('click', () => clicks++)
  const { left, top } = (page.doc.getElementById('own') as Element).getBoundingClientRect()
  ;(page.doc.elementFromPoint(left + 5, top + 5) as HTMLElement).click()
  expect(clicks).toBe(1)
  const panel = (region() as Element).getBoundingClientRect()
  expect(host()?.contains(page.doc.elementFromPoint(panel.left + 20, panel.top - 10))).toBe(false)
  expect(page.doc.querySelector('[inert], [aria-hidden]')).toBeNull()
})

test('a tool that takes the banner away gives no consent and breaks nothing', async () => {
  const { choices, tell } = await visit(NOBODY, {}, { body: '<button data-slotwise-consent>Privacy</button>' })
  host()?.remove()
  tell(NOBODY)
  await settled()
  expect(choices).toEqual([])
  page.doc.querySelector<HTMLElement>('[data-slotwise-consent]')?.click()
  expect(seen(region() as Element)).toBe(true)
})

test('a site that cannot save leaves the question open, and the visitor is told', async () => {
  for (const consent of [() => Promise.reject(new Error('no')), () => { throw new Error('no') }]) {
    const { site } = await visit()
    stop?.()
    stop = banner({ root: page.doc })({ ...site, consent })
    button(/^Accept/).click()
    await settled()
    expect(region()?.querySelector('[role=status]')?.textContent).toContain('Not saved')
    expect(String(said)).toContain('the banner failed')
    leave()
  }
})

test('a second click while the first is being saved is not a second answer', async () => {
  const { choices, site } = await visit()
  stop?.()
  stop = banner({ root: page.doc })({ ...site, consent: ({ evidence: _, ...choice }) => new Promise(() => choices.push(choice)) })
  button(/^Accept/).click()
  button(/^Reject/).click()
  await settled()
  expect(choices).toEqual([ACCEPTED])
})

// ---------------------------------------------------------------- answered, and the way back

test('a visitor who has answered is not asked again, and finds the way back in a small button', async () => {
  const { choices } = await visit(ANSWERED)
  expect(region()).toBeNull()
  button(/^Privacy/).click()
  expect(boxes().map(({ checked }) => checked)).toEqual([true, false])
  button(/^Reject/).click()
  await settled()
  expect(choices).toEqual([REJECTED])
})

test('a control of the page opens the banner, one that is added later too, and takes the small button’s place', async () => {
  await visit(ANSWERED)
  expect(seen(button(/^Privacy/))).toBe(true)
  const footer = page.doc.createElement('footer')
  const link = page.doc.createElement('a')
  link.href = '/privacy'
  link.setAttribute('data-slotwise-consent', '')
  const inner = page.doc.createElement('span')
  link.append(inner)
  footer.append(link)
  page.doc.body.append(footer)
  expect(buttons()).toEqual([])
  // A handler of the page that stops the click comes too late.
  footer.addEventListener('click', (event) => event.stopPropagation())
  const click = new page.view.MouseEvent('click', { bubbles: true, cancelable: true, composed: true })
  inner.dispatchEvent(click)
  expect(click.defaultPrevented).toBe(true)
  expect(seen(region() as Element)).toBe(true)
})

test('opened by the visitor, the banner takes the focus, and gives it back', async () => {
  await visit(ANSWERED, {}, { body: '<button id="there" data-slotwise-consent>Privacy choices</button>' })
  const there = page.doc.getElementById('there') as HTMLElement
  for (const close of [() => press('Escape'), () => button(/Close/).click(), () => button(/^Save/).click()]) {
    there.focus()
    there.click()
    expect(region()?.contains(page.doc.activeElement)).toBe(true)
    close()
    await settled()
    expect(region()).toBeNull()
    expect(page.doc.activeElement).toBe(there)
  }
})

test('B21: after an answer the focus is on something that is there, and "saved" is announced', async () => {
  for (const body of ['', '<a href="/" data-slotwise-consent>Privacy</a>']) {
    await visit(NOBODY, {}, { body })
    const live = host()?.querySelector('[role=status]')
    button(/^Reject/).focus()
    button(/^Reject/).click()
    await settled()
    expect(page.doc.activeElement?.isConnected).toBe(true)
    expect(page.doc.activeElement).not.toBe(page.doc.body)
    expect(live?.isConnected).toBe(true)
    expect(status()).toContain('Saved')
    leave()
  }
})

test('the word about saving leaves the screen by itself', async () => {
  await visit()
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  button(/^Reject/).click()
  await vi.waitFor(() => expect(status()).toContain('Saved'))
  vi.advanceTimersByTime(10_000)
  expect(status()).toBe('')
})

test('an answer in another tab closes the question, and leaves the focus where it is', async () => {
  const { tell } = await visit(NOBODY, {}, { body: '<input id="own">' })
  page.doc.getElementById('own')?.focus()
  tell(ANSWERED)
  expect(region()).toBeNull()
  expect(page.doc.activeElement?.id).toBe('own')
  expect(status()).toBe('')
})

test('when what is asked changes, or all is forgotten, the visitor is asked again', async () => {
  const { tell } = await visit(ANSWERED)
  button(/^Privacy/).click()
  press('Escape')
  tell(NOBODY)
  expect(button(/^Manage/)).toBeDefined()
})

test('the browser’s signal is an answer, said plainly, and the visitor may still choose', async () => {
  const { choices } = await visit(SIGNAL)
  expect(region()).toBeNull()
  button(/^Privacy/).click()
  expect(region()?.textContent).toContain('asks not to be tracked')
  button(/^Accept/).click()
  await settled()
  expect(choices).toEqual([ACCEPTED])
})

test('loaded by a click, the banner opens at once, whatever was chosen', async () => {
  page = await openPage({ body: '<button id="there" data-slotwise-consent>Privacy choices</button>' })
  page.doc.getElementById('there')?.focus()
  begin(ANSWERED, { open: true })
  expect(region()?.contains(page.doc.activeElement)).toBe(true)
  press('Escape')
  expect(page.doc.activeElement?.id).toBe('there')
})

// ---------------------------------------------------------------- for everybody

test('B16: the banner is a named region, and no dialog; it takes no focus by itself', async () => {
  page = await openPage({ body: '<input id="own">' })
  page.doc.getElementById('own')?.focus()
  begin(NOBODY)
  // A section with a name is a region.
  expect([region()?.tagName, region()?.getAttribute('role')]).toEqual(['SECTION', null])
  expect(region()?.getAttribute('aria-label')).toBeTruthy()
  expect(page.doc.querySelector('[aria-modal], dialog, [role=dialog]')).toBeNull()
  expect(page.doc.activeElement?.id).toBe('own')
})

test('B17: the first Tab from the top of the page reaches the banner, and the order of Tab is the visible one', async () => {
  await visit(NOBODY, {}, { body: '<a href="#x">Skip</a><a href="/">Home</a>' })
  const order = tabbable()
  expect(host()?.contains(order[0] as Node)).toBe(true)
  const tops = all('a, .slotwise-actions button').map((one) => one.getBoundingClientRect().top)
  expect(tops).toEqual([...tops].sort((a, b) => a - b))
  expect(all('[tabindex]').map(({ tabIndex }) => tabIndex).every((index) => index <= 0)).toBe(true)
})

test('B22: ticking a box changes nothing but that box, and a question that comes by itself takes no focus', async () => {
  page = await openPage({ body: '<input id="own">' })
  page.doc.getElementById('own')?.focus()
  for (const layout of ['bar', 'box'] as const) {
    const { choices } = begin(NOBODY, { layout })
    expect(page.doc.activeElement?.id).toBe('own')
    button(/^Manage/).click()
    const words = region()?.textContent
    const [box] = boxes() as [HTMLInputElement]
    box.focus()
    box.click()
    expect([box.checked, region()?.textContent, choices, page.doc.activeElement]).toEqual([true, words, [], box])
    stop?.()
    page.doc.getElementById('own')?.focus()
  }
})

test('what was on screen is kept with the answer, as a hash of its words, and by which button', async () => {
  const hash = async (words: string) => btoa(String.fromCharCode(...new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(words)))))
  for (const [reach, method] of [[/^Accept/, 'accept_all'], [/^Reject/, 'reject_all'], [/^Save/, 'custom']] as const) {
    const { evidence } = await visit()
    if (method === 'custom') button(/^Manage/).click()
    const text = await hash(region()?.textContent as string)
    await settled()
    button(reach).click()
    await settled()
    expect(evidence).toEqual([{ method, language: 'en', text, ui: 'slotwise-banner/1' }])
    leave()
  }
})

test('going to the second layer keeps the focus in the banner, and the banner in its place', async () => {
  await visit()
  const before = region()
  button(/^Manage/).focus()
  button(/^Manage/).click()
  expect(page.doc.activeElement).toBe(boxes()[0])
  expect(region()).toBe(before)
})

test.each([[390, 700], [1200, 700], [320, 256]])('B18: no element of the page is hidden behind the banner while it has the focus, at %i x %i', async (width, height) => {
  await visit(NOBODY, {}, { width, height, body: Array.from({ length: 60 }, (_, n) => `<p><a href="#${n}">Link ${n}</a></p>`).join('') })
  await settled()
  for (const link of page.doc.querySelectorAll<HTMLElement>('p > a')) {
    link.focus()
    const { top, bottom } = link.getBoundingClientRect()
    expect(bottom, link.textContent as string).toBeGreaterThan(0)
    expect(top, link.textContent as string).toBeLessThan((region() as Element).getBoundingClientRect().top)
  }
})

test('on a page that does not scroll, too, what has the focus comes out from under the banner', async () => {
  page = await openPage({ body: '<main>Words</main><footer><a id="last" href="/">Imprint</a></footer>' })
  page.style('* { box-sizing: border-box } html, body { height: 100%; margin: 0 } body { display: flex; flex-direction: column } main { flex: 1 }')
  begin(NOBODY)
  const last = page.doc.getElementById('last') as HTMLElement
  const height = page.doc.body.offsetHeight
  last.focus()
  expect(last.getBoundingClientRect().top).toBeLessThan((region() as Element).getBoundingClientRect().top)
  expect(page.doc.body.offsetHeight).toBe(height)
  button(/Close/).click()
  expect(page.doc.documentElement.scrollHeight).toBe(page.view.innerHeight)
})

test('B19: every target is large enough for a thumb', async () => {
  await visit()
  for (const _ of [1, 2]) {
    for (const target of [...all('section button, a, label')].filter(seen)) {
      expect(target.offsetHeight, target.textContent as string).toBeGreaterThanOrEqual(44)
      expect(target.offsetWidth).toBeGreaterThanOrEqual(44)
    }
    button(/^Manage/)?.click()
  }
  button(/Close/).click()
  expect(button(/^Privacy/).offsetHeight).toBeGreaterThanOrEqual(44)
})

test.each([
  ['320 px wide', 320, 640, ''],
  ['400 % zoom', 320, 256, ''],
  ['200 % text', 390, 700, '[data-slotwise-banner]:not(#a#b) { font-size: 32px !important }'],
  ['text spacing', 320, 640, '[data-slotwise-banner] *:not(#a#b) { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } [data-slotwise-banner] p:not(#a#b) { margin-bottom: 2em !important }'],
])('B20: all of it can be reached, without scrolling sideways: %s', async (_, width, height, css) => {
  for (const [lang, layout] of [['en', 'bar'], ['pt-BR', 'box'], ['de', 'dialog'], ['de', 'bar']] as const) {
    await visit(NOBODY, { layout }, { width, height, lang })
    await vi.waitFor(() => expect(region()).not.toBeNull(), 8000)
    if (css) page.style(css)
    for (const _ of [1, 2]) {
      const panel = region() as HTMLElement
      expect(panel.scrollWidth).toBeLessThanOrEqual(panel.clientWidth)
      expect(panel.getBoundingClientRect().top).toBeGreaterThanOrEqual(0)
      expect(page.doc.documentElement.scrollWidth).toBeLessThanOrEqual(width)
      for (const one of buttons()) {
        expect(one.scrollWidth, one.textContent as string).toBeLessThanOrEqual(one.clientWidth)
        one.scrollIntoView({ block: 'nearest' })
        const { left, right, top, bottom } = one.getBoundingClientRect()
        // Engines scroll by whole pixels.
        expect([left >= 0, right <= width, top >= -1, bottom <= height + 1], one.textContent as string).toEqual([true, true, true, true])
      }
      button(/^(Manage|Gerenciar|Einstellungen)/)?.click()
    }
    leave()
  }
})

test('B23: nothing moves by itself, whatever motion a visitor prefers', async () => {
  for (const layout of LAYOUTS) {
    await visit(NOBODY, { layout })
    button(/^Manage/).click()
    expect([host() as HTMLElement, ...all('*')].flatMap((one) => one.getAnimations())).toEqual([])
    for (const one of all('*')) {
      const { animationName, transitionDuration } = page.view.getComputedStyle(one)
      expect([animationName, transitionDuration]).toEqual(['none', '0s'])
    }
    leave()
  }
})

const schemes: [string, boolean][] = [['light', false], ['dark', true]]

test.each(schemes)('B05: edges of buttons and boxes, and the ring around what has the focus, can be told from the %s ground', async (_, dark) => {
  await visit()
  prefer(page.doc, 'prefers-color-scheme', dark)
  const ground = page.view.getComputedStyle(region() as Element).backgroundColor
  for (const _ of [1, 2]) {
    for (const one of all('.slotwise-actions button, label')) {
      const { borderTopColor, color, backgroundColor, opacity } = page.view.getComputedStyle(one)
      expect(contrast(borderTopColor, ground), one.textContent as string).toBeGreaterThanOrEqual(3)
      if (one.tagName === 'BUTTON') expect(contrast(color, backgroundColor)).toBeGreaterThanOrEqual(4.5)
      expect(opacity).toBe('1')
    }
    button(/^Manage/)?.click()
  }
  expect(contrast(page.view.getComputedStyle(region() as Element).color, ground)).toBeGreaterThanOrEqual(4.5)
  // The ring stands outside the button, on the ground.
  boxes()[0]?.focus()
  const { outlineColor, outlineStyle, outlineWidth } = page.view.getComputedStyle(boxes()[0] as Element)
  expect([outlineStyle, outlineWidth]).toEqual(['solid', '3px'])
  expect(contrast(outlineColor, ground)).toBeGreaterThanOrEqual(3)
})

/** A checker looks at the page that it runs in: this one is let into the page of the test. */
async function check(state: string): Promise<void> {
  const view = page.view as Page['view'] & { axe: typeof axe }
  if (!view.axe) {
    const script = page.doc.createElement('script')
    script.textContent = axe.source
    page.doc.head.append(script)
  }
  const { violations } = await view.axe.run(host() as Element, { resultTypes: ['violations'] })
  expect(violations.map(({ id, nodes }) => `${state}: ${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join(' ')}`)).toEqual([])
}

test.each(LAYOUTS.flatMap((layout) => schemes.map(([name, dark]) => [layout, name, dark] as const)))('B26: an accessibility checker finds nothing, in every state, on a phone and at 400 %% zoom: %s, %s', async (layout, _, dark) => {
  const { tell } = await visit(NOBODY, { layout }, { lang: 'pt-BR', strict: false })
  prefer(page.doc, 'prefers-color-scheme', dark)
  const frame = page.view.frameElement as HTMLIFrameElement
  const sized = async (state: string): Promise<void> => {
    for (const [width, height] of [['390', '700'], ['320', '640'], ['320', '256']]) {
      Object.assign(frame, { width, height })
      await check(`${state}, ${width} x ${height}`)
    }
  }
  await sized('asking')
  button(/^Gerenciar/).click()
  await sized('managing')
  boxes()[0]?.click()
  await check('ticked, at 400 % zoom')
  button(/^Rejeitar/).click()
  await settled()
  await sized('saved')
  if (layout !== 'bar') return
  tell(SIGNAL)
  button(/^Privacidade/).click()
  await check('signal')
})

// ---------------------------------------------------------------- languages and texts

test.each([
  ['pt-BR', 'pt-BR', /^Aceitar tudo/, /^Rejeitar tudo/, /^Gerenciar/],
  ['pt', 'pt-BR', /^Aceitar/, /^Rejeitar/, /^Gerenciar/],
  ['en-GB', 'en', /^Accept all/, /^Reject all/, /^Manage/],
  ['es-MX', 'es', /^Aceptar todo/, /^Rechazar todo/, /^Gestionar/],
  ['fr', 'fr', /^Tout accepter/, /^Tout refuser/, /^Gérer/],
  ['de-AT', 'de', /^Alle akzeptieren/, /^Alle ablehnen/, /^Einstellungen/],
  ['fi', 'en', /^Accept/, /^Reject/, /^Manage/],
])('B09: a page in %s is asked in %s', async (lang, spoken, ...words) => {
  await visit(NOBODY, {}, { lang })
  await vi.waitFor(() => expect(region()).not.toBeNull(), 8000)
  expect(host()?.lang).toBe(spoken)
  for (const word of words) expect(button(word as RegExp)).toBeDefined()
})

test('every language says everything that English says, and its buttons in words of its own', async () => {
  const tables: { [language: string]: Texts } = { ...(await import('../../src/extras/banner/de.js')), ...(await import('../../src/extras/banner/es.js')), ...(await import('../../src/extras/banner/fr.js')) }
  const english = await new Promise<Texts>((use) => wording('en', {}, undefined, use))
  for (const texts of Object.values(tables)) {
    expect(Object.keys(texts)).toEqual(Object.keys(english))
    expect(texts.who).toContain('{controller}')
    for (const [name, said] of Object.entries(texts)) expect(said, name).not.toBe(english[name as keyof Texts])
  }
})

test('a language whose file does not come is no reason not to ask: in English', async () => {
  for (const [lang, said] of [['fr', 'Tout refuser'], ['pt', 'Rejeitar tudo']] as const) {
    expect((await new Promise<Texts>((use) => wording(lang, {}, undefined, use))).reject).toBe(said)
  }
  const failing = { fr: () => Promise.reject(new Error('offline')) }
  expect(await new Promise((use) => wording('fr', {}, undefined, ({ reject }, language) => use([reject, language]), failing))).toEqual(['Reject all', 'en'])
})

test('any other language comes with the ruleset, by its whole tag or its first part, and a site’s own texts win', async () => {
  const notice = { ...NOTICE, texts: { it: { title: 'Questo sito può ricordare?', accept: 'Accetta tutto', reject: 'Rifiuta tutto' }, 'en-GB': { title: 'May we?' } } }
  for (const [lang, title, reject] of [['it', 'Questo sito può ricordare?', /^Rifiuta tutto/], ['it-CH', 'Questo sito può ricordare?', /^Rifiuta/], ['en-GB', 'May we?', /^Reject all/], ['en', 'May this site remember what you read?', /^Reject/]] as const) {
    await visit({ ...NOBODY, notice }, {}, { lang })
    expect([region()?.ariaLabel, host()?.lang]).toEqual([title, lang])
    expect(button(reject)).toBeDefined()
    leave()
  }
  await visit({ ...NOBODY, notice }, { texts: { reject: 'Rifiuto' } }, { lang: 'it' })
  expect([button(/^Rifiuto$/), button(/^Accetta/)].map(seen)).toEqual([true, true])
})

test('a site may choose the language, change a text, or bring another language', async () => {
  await visit(NOBODY, { language: 'pt-BR', texts: { title: 'Posso?' } })
  expect(region()?.ariaLabel).toBe('Posso?')
  expect(button(/^Aceitar/)).toBeDefined()
  stop?.()
  begin(NOBODY, { language: 'nl', texts: { accept: 'Alles accepteren', reject: 'Alles weigeren', manage: 'Beheren' } })
  expect(host()?.lang).toBe('nl')
  expect(button(/^Alles weigeren/)).toBeDefined()
})

test('stopped before its language has come, it asks nothing', async () => {
  await visit(NOBODY, {}, { lang: 'fr' })
  stop?.()
  await settled()
  expect(host()).toBeNull()
})

test('a click on the page’s control that comes before the words do opens the banner when they come', async () => {
  await visit(ANSWERED, {}, { lang: 'es', body: '<a id="there" href="/nowhere" data-slotwise-consent>Privacidad</a>' })
  page.doc.getElementById('there')?.click()
  await vi.waitFor(() => expect(boxes().map(({ checked }) => checked)).toEqual([true, false]), 8000)
})

test('read from right to left, all of it is mirrored; and words that run the other way than the page keep their own', async () => {
  const arabic = { title: 'هل يجوز لهذا الموقع أن يتذكر ما تقرؤه؟', control: 'الخصوصية', accept: 'قبول الكل', reject: 'رفض الكل', manage: 'إدارة', policy: 'سياسة الخصوصية' }
  for (const layout of LAYOUTS) {
    await visit(NOBODY, { layout, language: 'ar', texts: arabic }, { lang: 'ar', width: 1200 })
    page.doc.documentElement.dir = 'rtl'
    const edges = (element: Element) => element.getBoundingClientRect()
    const [panel, cross, title] = [region() as Element, button(/Close/), all('h2')[0] as Element].map(edges) as [DOMRect, DOMRect, DOMRect]
    expect(cross.left - panel.left).toBeLessThan(40)
    expect(panel.right - title.right).toBeLessThan(40)
    expect(page.view.getComputedStyle(all('h2')[0] as Element).direction).toBe('rtl')
    if (layout === 'bar') expect(edges(button(/^رفض/)).right).toBeLessThan(title.left)
    if (layout === 'box') expect(1200 - panel.right).toBeLessThan(40)
    button(/Close/).click()
    expect(1200 - edges(button(/^الخصوصية/)).right).toBeLessThan(40)
    stop?.()
    begin(NOBODY, { layout, language: 'en' })
    expect(page.view.getComputedStyle(all('h2')[0] as Element).direction).toBe('ltr')
    leave()
  }
})

// ---------------------------------------------------------------- layouts

test('by the ruleset, or by an option that wins, the banner is a bar, a box in the corner, or a dialog', async () => {
  const where = () => (region() as Element).getBoundingClientRect()
  await visit(NOBODY, {}, { width: 1200 })
  expect([where().width > 900, where().left > 100]).toEqual([true, true])
  leave()
  await visit({ ...NOBODY, notice: { ...NOTICE, layout: 'box' } }, {}, { width: 1200 })
  expect([where().width < 500, where().left, Math.round(700 - where().bottom)]).toEqual([true, 16, 16])
  leave()
  await visit({ ...NOBODY, notice: { ...NOTICE, layout: 'box' } }, { layout: 'dialog' }, { width: 1200 })
  expect([Math.round(where().left + where().right), Math.round(where().top + where().bottom)]).toEqual([1200, 700])
})

test('a dialog keeps the page waiting, takes the focus and gives it back, and closing it is no answer', async () => {
  page = await openPage({ body: '<input id="own"><button data-slotwise-consent>Privacy</button>' })
  const own = page.doc.getElementById('own') as HTMLElement
  own.focus()
  for (const close of [() => press('Escape'), () => button(/Close/).click(), () => (region() as HTMLDialogElement).close()]) {
    const { choices } = begin(NOBODY, { layout: 'dialog' })
    expect(region()?.matches(':modal')).toBe(true)
    expect(region()?.ariaLabel).toBe('May this site remember what you read?')
    expect(page.doc.activeElement).toBe(all('h2')[0])
    // Nothing of the page takes the focus or a click meanwhile.
    own.focus()
    expect(page.doc.activeElement).toBe(all('h2')[0])
    const { left, top } = own.getBoundingClientRect()
    expect(page.doc.elementFromPoint(left + 2, top + 2)).not.toBe(own)
    button(/^Manage/).click()
    expect(page.doc.activeElement).toBe(boxes()[0])
    close()
    await settled()
    expect([region(), choices, page.doc.activeElement]).toEqual([null, [], own])
    own.focus()
    stop?.()
  }
})

test('what cannot be saved is said inside the dialog, where it can be heard', async () => {
  const { site } = await visit(NOBODY, { layout: 'dialog' })
  stop?.()
  stop = banner({ root: page.doc, layout: 'dialog' })({ ...site, consent: () => Promise.reject(new Error('full')) })
  const live = region()?.querySelector('[role=status]')
  button(/^Accept/).click()
  await settled()
  expect(live?.textContent).toContain('Not saved')
  expect(region()?.matches(':modal')).toBe(true)
})

// ---------------------------------------------------------------- the page

test('a page’s own styles do not reach in, and its custom properties do', async () => {
  await visit()
  // What has been laid out, but for where a colour was asked for.
  const measure = () => all('section, section *').map((one) => [one.tagName, one.offsetWidth, one.offsetHeight, page.view.getComputedStyle(one).fontSize])
  const before = measure()
  page.style(`
    html { font-size: 62.5% } body { font: italic 30px/3 monospace; font-family: inherit; color: red; text-align: center; text-transform: uppercase; letter-spacing: 5px }
    * { margin: 30px; box-sizing: content-box } body#no, body button, body p, body div > div, section, label { padding: 40px; display: block; float: left; width: 33% }
    .page button:not(.x):not(.y) { display: none } h2 { font-size: 90px } input { width: 300px; appearance: none } a { display: none } body > :first-child { display: none }`)
  page.doc.body.className = 'page'
  expect(measure()).toEqual(before)
  page.style(':root { --slotwise-accent: rgb(0, 80, 60); --slotwise-on-accent: rgb(255, 255, 240); --slotwise-radius: 0px }')
  const { backgroundColor, color, borderTopLeftRadius } = page.view.getComputedStyle(button(/^Accept/))
  expect([backgroundColor, color, borderTopLeftRadius]).toEqual(['rgb(0, 80, 60)', 'rgb(255, 255, 240)', '0px'])
})

test.each([
  ['everything unset', '* { all: unset !important }'],
  ['everything reverted', '*, ::before, ::after { all: revert !important }'],
  ['buttons and boxes hidden', 'button, input, section, dialog, label, a, [class*=banner], [class*=consent] { display: none !important; visibility: hidden !important; opacity: 0 !important }'],
  ['a big reset', 'body *, body *::before { margin: 0 !important; padding: 0 !important; border: 0 !important; font: inherit !important; position: static !important; background: none !important; color: #fff !important; box-sizing: content-box !important; appearance: none !important; transform: rotate(3deg) !important; float: right !important; width: 7px !important }'],
  ['by id and class', 'html body#no#no div.slotwise-banner button.slotwise-main { display: none } body#no * { pointer-events: none !important }'],
])('a page’s style sheet that would break it does not: %s', async (_, css) => {
  for (const layout of LAYOUTS) {
    await visit(NOBODY, { layout })
    page.doc.body.id = 'no'
    const looks = () =>
      [region() as HTMLElement, ...all(':is(section, dialog) *')].map((one) => {
        const { display, visibility, opacity, color, backgroundColor, fontSize, position, appearance, pointerEvents } = page.view.getComputedStyle(one)
        return [one.tagName, one.offsetWidth, one.offsetHeight, display, visibility, opacity, color, backgroundColor, fontSize, position, appearance, pointerEvents].join()
      })
    button(/^Manage/).click()
    const before = looks()
    page.style(css)
    expect(looks()).toEqual(before)
    leave()
  }
})

test('B25: nothing of the page moves when the banner comes, nor when it goes', async () => {
  page = await openPage({ body: '<header>Head</header><main><h1>Title</h1><p>Words</p></main><footer>Foot</footer>' })
  page.style('html, body { height: 100%; margin: 0 } body { display: grid; grid-template-rows: auto 1fr auto; gap: 20px } footer { position: sticky; bottom: 0 }')
  const where = () => [...page.doc.querySelectorAll('header, main, main *, footer')].map((one) => JSON.stringify(one.getBoundingClientRect()))
  const before = where()
  for (const layout of LAYOUTS) {
    begin(NOBODY, { layout })
    await settled()
    expect(where()).toEqual(before)
    button(/^Accept/).click()
    await settled()
    expect(where()).toEqual(before)
    stop?.()
  }
})

test('it writes no style into the markup', async () => {
  await visit()
  button(/^Manage/).click()
  expect(page.doc.querySelector('[style], style')).toBeNull()
})

test('stopped, in any state, the page is what it was, node for node', async () => {
  const body = '<button data-slotwise-consent>Privacy</button><p>Words</p>'
  page = await openPage({ body })
  page.style('p { color: red }')
  const html = page.doc.documentElement.outerHTML
  const nodes = [...page.doc.body.childNodes]
  const sheets = [...page.doc.adoptedStyleSheets]
  const states: (() => void)[] = [() => {}, () => button(/^Manage/).click(), () => button(/Close/).click(), () => button(/^Accept/).click(), () => page.doc.querySelector('p')?.click()]
  for (const reach of states) {
    const { listeners } = begin(NOBODY)
    expect(region()).not.toBeNull()
    reach()
    stop?.()
    await settled()
    expect(page.doc.documentElement.outerHTML).toBe(html)
    expect([...page.doc.body.childNodes].every((node, i) => node === nodes[i])).toBe(true)
    expect([...page.doc.adoptedStyleSheets]).toEqual(sheets)
    expect(listeners.size).toBe(0)
    page.doc.querySelector<HTMLElement>('[data-slotwise-consent]')?.click()
    expect(host()).toBeNull()
  }
  expect(page.view.getComputedStyle(page.doc.documentElement).scrollPaddingBottom).toBe('auto')
})

test('while the page is still being parsed, the question waits for its body', async () => {
  page = await openPage({ strict: false })
  page.doc.open()
  page.doc.write('<!doctype html><html lang="en"><head><title>Page</title>')
  const { listeners } = begin(NOBODY)
  expect(listeners.size).toBe(0)
  page.doc.write('</head><body><p>Words</p>')
  page.doc.close()
  await vi.waitFor(() => expect(region()).not.toBeNull(), 8000)
  expect(page.doc.body.firstElementChild).toBe(host())
})

test('the plugin by itself needs no options', async () => {
  page = await openPage()
  const { site } = asked(NOBODY)
  const undo = plugin(site)
  expect(document.body.firstElementChild?.matches('[data-slotwise-banner]')).toBe(true)
  undo()
  expect(document.querySelector('[data-slotwise-banner]')).toBeNull()
})

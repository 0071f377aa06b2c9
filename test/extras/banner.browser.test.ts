import axe from 'axe-core'
import { afterEach, expect, test, vi } from 'vitest'
import plugin, { type AskingSite, type BannerOptions, banner } from '../../src/extras/banner.js'
import type { Choice, Consent } from '../../src/types.js'
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
    consent: async (choice) => {
      choices.push(choice)
      tell({ ...(state as Consent), ...choice, by: 'visitor' })
    },
  }
  return { site, choices, tell, listeners }
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
const region = (): HTMLElement | null => page.doc.querySelector('[data-slotwise-banner] section')
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

test('a visitor reads who asks, what for, and where the policy is, before three buttons that stand together', async () => {
  await visit()
  const words = region()?.textContent as string
  expect(words).toContain('Trilha Ltda')
  const link = all<HTMLAnchorElement>('a')[0] as HTMLAnchorElement
  expect(link.getAttribute('href')).toBe('/privacy')
  const three = [button(/^Accept/), button(/^Reject/), button(/^Manage/)]
  expect(new Set(three.map((one) => one.parentElement)).size).toBe(1)
  for (const one of three) expect(one.tagName).toBe('BUTTON')
  for (const before of [link, ...all('strong')]) expect(follows(before, three[0] as Node)).toBe(true)
  expect(all('strong').length).toBe(2)
})

test('one click accepts, and one click rejects', async () => {
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

test.each([320, 390, 700, 1200])('accepting and rejecting look the same in both layers, at %i px', async (width) => {
  await visit(NOBODY, {}, { width })
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

test('no box is ticked for a visitor who has not chosen, and none speaks of legitimate interest', async () => {
  await visit()
  button(/^Manage/).click()
  expect(boxes().map(({ checked }) => checked)).toEqual([false, false])
  expect(host()?.textContent).not.toMatch(/legitimate|legítimo/i)
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

test('Esc, the cross, scrolling and waiting answer nothing', async () => {
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

test('the page can be used without an answer', async () => {
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
    expect(status()).toContain('could not be saved')
    expect(region()).not.toBeNull()
    expect(String(said)).toContain('could not be saved')
    leave()
  }
})

test('a second click while the first is being saved is not a second answer', async () => {
  const { choices, site } = await visit()
  stop?.()
  stop = banner({ root: page.doc })({ ...site, consent: (choice) => new Promise(() => choices.push(choice)) })
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

test('after an answer the focus is on something that is there, and "saved" is announced', async () => {
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
  expect(region()?.textContent).toContain('you do not want to be tracked')
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

test('the banner is a named region, and no dialog; it takes no focus by itself', async () => {
  page = await openPage({ body: '<input id="own">' })
  page.doc.getElementById('own')?.focus()
  begin(NOBODY)
  expect(region()?.getAttribute('role')).toBe('region')
  expect(region()?.getAttribute('aria-label')).toBeTruthy()
  expect(page.doc.querySelector('[aria-modal], dialog, [role=dialog]')).toBeNull()
  expect(page.doc.activeElement?.id).toBe('own')
})

test('the first Tab from the top of the page reaches the banner, and the order of Tab is the visible one', async () => {
  await visit(NOBODY, {}, { body: '<a href="#x">Skip</a><a href="/">Home</a>' })
  const order = tabbable()
  expect(host()?.contains(order[0] as Node)).toBe(true)
  const tops = all('a, .slotwise-actions button').map((one) => one.getBoundingClientRect().top)
  expect(tops).toEqual([...tops].sort((a, b) => a - b))
  expect(all('[tabindex]').map(({ tabIndex }) => tabIndex).every((index) => index <= 0)).toBe(true)
})

test('going to the second layer keeps the focus in the banner, and the banner in its place', async () => {
  await visit()
  const before = region()
  button(/^Manage/).focus()
  button(/^Manage/).click()
  expect(page.doc.activeElement).toBe(boxes()[0])
  expect(region()).toBe(before)
})

test.each([[390, 700], [1200, 700], [320, 256]])('no element of the page is hidden behind the banner while it has the focus, at %i x %i', async (width, height) => {
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

test('every target is large enough for a thumb', async () => {
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
  ['200 % text', 390, 700, '[data-slotwise-banner]:not(#a#b) { font-size: 32px }'],
  ['text spacing', 320, 640, '[data-slotwise-banner] *:not(#a#b) { line-height: 1.5; letter-spacing: .12em; word-spacing: .16em } [data-slotwise-banner] p:not(#a#b) { margin-bottom: 2em }'],
])('all of it can be reached, without scrolling sideways: %s', async (_, width, height, css) => {
  for (const lang of ['en', 'pt-BR']) {
    await visit(NOBODY, {}, { width, height, lang })
    if (css) page.style(css)
    // Where things come to rest.
    prefer(page.doc, 'prefers-reduced-motion', false)
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
      button(/^(Manage|Gerenciar)/)?.click()
    }
    leave()
  }
})

test('with reduced motion nothing moves', async () => {
  await visit()
  prefer(page.doc, 'prefers-reduced-motion', true)
  expect(page.view.getComputedStyle(region() as Element).animationName).toBe('slotwise-rise')
  prefer(page.doc, 'all', false)
  expect(page.view.getComputedStyle(region() as Element).animationName).toBe('none')
})

const schemes: [string, boolean][] = [['light', false], ['dark', true]]

test.each(schemes)('edges of buttons and boxes, and the ring around what has the focus, can be told from the %s ground', async (_, dark) => {
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
})

test.each(schemes)('an accessibility checker finds nothing, in every state, on %s ground', async (_, dark) => {
  // It has to be in the page that it looks at, so here that is the test's own.
  page = await openPage()
  const own = document.documentElement.lang
  document.documentElement.lang = 'pt-BR'
  const { site, tell } = asked(NOBODY)
  const undo = banner()(site)
  prefer(document, 'prefers-color-scheme', dark)
  prefer(document, 'prefers-reduced-motion', false)
  const look = async (state: string): Promise<void> => {
    const shown = document.querySelector('[data-slotwise-banner]') as Element
    const { violations } = await axe.run(shown, { resultTypes: ['violations'] })
    expect(violations.map(({ id, nodes }) => `${state}: ${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([])
  }
  const click = (words: string): void => [...document.querySelectorAll<HTMLElement>('[data-slotwise-banner] button')].find((one) => one.textContent?.startsWith(words))?.click()
  try {
    await look('asking')
    click('Gerenciar')
    await look('managing')
    document.querySelector<HTMLElement>('[data-slotwise-banner] input')?.click()
    await look('ticked')
    click('Rejeitar')
    await settled()
    await look('saved')
    tell(SIGNAL)
    click('Privacidade')
    await look('signal')
  } finally {
    undo()
    document.documentElement.lang = own
  }
})

// ---------------------------------------------------------------- languages and texts

test.each([
  ['pt-BR', 'pt-BR', /^Aceitar tudo/, /^Rejeitar tudo/, /^Gerenciar/],
  ['pt', 'pt-BR', /^Aceitar/, /^Rejeitar/, /^Gerenciar/],
  ['en-GB', 'en', /^Accept all/, /^Reject all/, /^Manage/],
  ['fr', 'en', /^Accept/, /^Reject/, /^Manage/],
])('a page in %s is asked in %s', async (lang, spoken, ...words) => {
  await visit(NOBODY, {}, { lang })
  expect(host()?.lang).toBe(spoken)
  for (const word of words) expect(button(word as RegExp)).toBeDefined()
})

test('a site may choose the language, change a text, or bring another language', async () => {
  await visit(NOBODY, { language: 'pt-BR', texts: { title: 'Posso?' } })
  expect(region()?.getAttribute('aria-label')).toBe('Posso?')
  expect(button(/^Aceitar/)).toBeDefined()
  stop?.()
  begin(NOBODY, { language: 'fr', texts: { accept: 'Tout accepter', reject: 'Tout refuser', manage: 'Gérer' } })
  expect(host()?.lang).toBe('fr')
  expect(button(/^Tout refuser/)).toBeDefined()
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

test('nothing of the page moves when the banner comes, nor when it goes', async () => {
  page = await openPage({ body: '<header>Head</header><main><h1>Title</h1><p>Words</p></main><footer>Foot</footer>' })
  page.style('html, body { height: 100%; margin: 0 } body { display: grid; grid-template-rows: auto 1fr auto; gap: 20px } footer { position: sticky; bottom: 0 }')
  const where = () => [...page.doc.querySelectorAll('header, main, main *, footer')].map((one) => JSON.stringify(one.getBoundingClientRect()))
  const before = where()
  begin(NOBODY)
  await settled()
  expect(where()).toEqual(before)
  button(/^Accept/).click()
  await settled()
  expect(where()).toEqual(before)
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
  await vi.waitFor(() => expect(region()).not.toBeNull())
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

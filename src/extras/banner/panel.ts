// The question itself: who asks, what for, and the answers. Built node by node, so that no policy is in its way.

import type { Choice, Consent, ConsentRules, Evidence } from '../../types.js'
import type { Texts } from './texts.js'

export type Layout = NonNullable<ConsentRules['layout']>

export interface Answers {
  answer(choice: Choice, method: Evidence['method']): void
  manage(): void
  close(): void
}

export type Make = <K extends keyof HTMLElementTagNameMap>(tag: K, part: string, ...children: (Node | string)[]) => HTMLElementTagNameMap[K]

/** Makes elements of this document; `part` is the class, without its prefix. */
export const maker =
  (doc: Document): Make =>
  (tag, part, ...children) => {
    const element = doc.createElement(tag)
    if (part) element.className = `slotwise-${part}`
    element.append(...children)
    return element
  }

export function button(make: Make, part: string, words: string, click: () => void): HTMLButtonElement {
  const element = make('button', part, words)
  // Never a form's, should the page's body be one.
  element.type = 'button'
  element.addEventListener('click', click)
  return element
}

/** A live region: it has to be in the page before something is said in it. */
export function status(make: Make): HTMLElement {
  const element = make('p', '')
  element.setAttribute('role', 'status')
  element.tabIndex = -1
  return element
}

/** A link that only ever leads to a page: an address may come from anywhere. */
function policyLink(make: Make, address: string, words: string): HTMLAnchorElement[] {
  const link = make('a', '', words)
  link.href = address
  return /^https?:$/.test(link.protocol) ? [link] : []
}

/** `managing` is the second layer: a checkbox for each purpose, ticked only where the visitor has granted it. */
export function panel(make: Make, layout: Layout, texts: Texts, state: Consent, managing: boolean, { answer, manage, close }: Answers): HTMLElement {
  const { controller, policy, sends } = state.notice
  const purposes: ('personalize' | 'measure')[] = sends ? ['personalize', 'measure'] : ['personalize']

  const boxes = purposes.map((purpose) => {
    const box = make('input', '')
    box.type = 'checkbox'
    box.checked = state[purpose] === 'granted'
    return box
  })
  const [first, second] = boxes as [HTMLInputElement, HTMLInputElement?]
  const settle = (): void => {
    if (!second) return
    second.disabled = !first.checked
    second.checked &&= first.checked
  }
  settle()
  first.addEventListener('change', settle)

  const answering = (part: string, words: string, method: Evidence['method'], granted: (index: number) => boolean): HTMLButtonElement =>
    button(make, part, words, () => answer(Object.fromEntries(purposes.map((purpose, i) => [purpose, granted(i) ? 'granted' : 'denied'])), method))

  const title = make('h2', '', texts.title)
  title.tabIndex = -1
  const closer = button(make, 'close', '×', close)
  closer.ariaLabel = texts.close

  // In the layer where boxes are ticked, saving them is the main thing; accepting and rejecting look the same in both.
  const weight = managing ? '' : 'main'
  const region = make(
    layout === 'dialog' ? layout : 'section',
    `panel slotwise-${layout}`,
    make(
      'div',
      'words',
      make('div', 'head', ...(controller ? [make('small', '', texts.who.replace('{controller}', () => controller))] : []), title, closer),
      ...(state.by === 'signal' ? [make('small', '', texts.signal)] : []),
      make(
        'div',
        'purposes',
        ...purposes.map((name, i) => {
          const words = [make('strong', '', texts[name]), make('small', '', texts[`${name}Line`])]
          if (!managing) return make('p', '', ...words)
          if (i) words.push(make('small', '', texts.measureNeeds))
          return make('label', '', boxes[i] as Node, make('span', '', ...words))
        }),
      ),
      ...(sends ? [] : [make('small', '', texts.nothingSent)]),
      ...(policy ? policyLink(make, policy, texts.policy) : []),
      status(make),
    ),
    make(
      'div',
      'actions',
      answering(weight, texts.accept, 'accept_all', () => true),
      answering(weight, texts.reject, 'reject_all', () => false),
      managing ? answering('main', texts.save, 'custom', (i) => !!boxes[i]?.checked) : button(make, '', texts.manage, manage),
    ),
  )
  region.ariaLabel = texts.title
  // Where it is a dialog, the browser may close it too: by Escape, or by what a device has for going back.
  region.addEventListener('close', close)
  return region
}

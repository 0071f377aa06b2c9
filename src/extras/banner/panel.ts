// The question itself: who asks, what for, and the answers. Built node by node, so that no policy is in its way.

import type { Choice, Consent } from '../../types.js'
import type { Texts } from './texts.js'

type Purpose = keyof Choice & string

export interface Answers {
  answer(choice: Choice): void
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

/** A link that only ever leads to a page: an address may come from anywhere. */
function policyLink(make: Make, address: string, words: string): HTMLAnchorElement[] {
  const link = make('a', '', words)
  link.href = address
  return /^https?:$/.test(link.protocol) ? [link] : []
}

/** `managing` is the second layer: a checkbox for each purpose, ticked only where the visitor has granted it. */
export function panel(make: Make, texts: Texts, state: Consent, managing: boolean, { answer, manage, close }: Answers): HTMLElement {
  const { controller, policy, sends } = state.notice
  const purposes: Purpose[] = sends ? ['personalize', 'measure'] : ['personalize']
  const choice = (granted: (purpose: Purpose) => boolean): Choice =>
    Object.fromEntries(purposes.map((purpose) => [purpose, granted(purpose) ? 'granted' : 'denied']))

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

  const purpose = (name: Purpose, index: number): HTMLElement => {
    const words = [make('strong', '', texts[name]), make('span', 'line', texts[`${name}Line`])]
    if (!managing) return make('p', '', ...words)
    if (name === 'measure') words.push(make('span', 'line', texts.measureNeeds))
    return make('label', '', boxes[index] as Node, make('span', '', ...words))
  }

  const title = make('h2', '', texts.title)
  title.tabIndex = -1
  const who = controller ? [make('p', 'who', texts.who.replace('{controller}', () => controller))] : []
  const closer = button(make, 'close', '×', close)
  closer.setAttribute('aria-label', texts.close)

  // In the layer where boxes are ticked, saving them is the main thing; accepting and rejecting look the same in both.
  const weight = managing ? '' : 'main'
  const region = make(
    'section',
    '',
    make(
      'div',
      'words',
      make('div', 'head', make('div', '', ...who, title), closer),
      ...(state.by === 'signal' ? [make('p', 'line', texts.signal)] : []),
      make('div', 'purposes', ...purposes.map(purpose)),
      ...(sends ? [] : [make('p', 'line', texts.nothingSent)]),
      ...(policy ? policyLink(make, policy, texts.policy) : []),
    ),
    make(
      'div',
      'actions',
      button(make, weight, texts.accept, () => answer(choice(() => true))),
      button(make, weight, texts.reject, () => answer(choice(() => false))),
      managing
        ? button(make, 'main', texts.save, () => answer(choice((one) => !!boxes[purposes.indexOf(one)]?.checked)))
        : button(make, '', texts.manage, manage),
    ),
  )
  region.setAttribute('role', 'region')
  region.setAttribute('aria-label', texts.title)
  return region
}

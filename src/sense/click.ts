// Clicks on [data-track]: the attribute names the event, data-track-* attributes are its properties.

import { listen } from '../lib/listen.js'
import type { Props, Signal } from '../types.js'

const PREFIX = 'data-track-'

/** `data-track-item-id="7"` becomes `{ item_id: "7" }`, as the commerce vocabulary has it. */
export const propsOf = (element: Element): Props =>
  Object.fromEntries(
    [...element.attributes]
      // The name of another event stands in `data-track-view`.
      .filter(({ name }) => name.startsWith(PREFIX) && name !== `${PREFIX}view`)
      .map(({ name, value }) => [name.slice(PREFIX.length).replace(/-/g, '_'), value]),
  )

/** The browser follows a click on a label's words with one on its control: the second is the one that counts. */
const isEchoed = (target: EventTarget | undefined, tracked: Element): boolean => {
  const control = (target as Element).closest?.('label')?.control
  return !!control && control !== target && tracked.contains(control)
}

export function clicks(root: Node, record: (signal: Signal) => void): () => void {
  const heard = (event: Event): void => {
    // The composed path reaches into open shadow roots, where the target alone would be the host.
    const path = event.composedPath()
    const element = path.find((target): target is Element => (target as Element).hasAttribute?.('data-track'))
    const type = element?.getAttribute('data-track')
    if (element && type && !isEchoed(path[0], element)) record({ type, props: propsOf(element) })
  }
  // Capturing: a page's own handler may stop the click before it bubbles.
  return listen(root, 'click', heard, { capture: true, passive: true })
}

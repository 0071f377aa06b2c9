// preview(): does somebody want to see something ahead of its visitors? `?slotwise-preview=hero:spring`, kept for this tab.

import type { Previewer } from './previewer.js'

const KEY = 'slotwise-preview'

/** Undefined, and nothing is fetched, where nobody does. */
export async function preview(root: Node | undefined, failed: (error: unknown) => void): Promise<Previewer | undefined> {
  try {
    const view = root && (root.ownerDocument ?? (root as Document)).defaultView
    const asked = view && (new URLSearchParams(view.location.search).get(KEY) ?? view.sessionStorage.getItem(KEY))
    return asked == null ? undefined : (await import('./previewer.js')).previewer(view as Window, asked)
  } catch (error) {
    // A page whose storage is blocked cannot even be asked.
    failed(error)
  }
}

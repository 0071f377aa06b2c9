// Videos: started and played to the end, once each per page view. One that plays by itself and without a sound is decoration.

import { declaredName, listen } from './listen.js'
import type { Start } from './signals.js'

export const videos: Start = (page) => {
  const { document } = page.view
  const noted: { [type: string]: WeakSet<Element> } = { video_start: new WeakSet(), video_complete: new WeakSet() }
  const note = (type: 'video_start' | 'video_complete', video: HTMLVideoElement): void => {
    if (video.localName !== 'video' || (video.autoplay && video.muted) || noted[type]?.has(video)) return
    noted[type]?.add(video)
    page.note(type, { video: declaredName(video) })
  }
  const playing = (event: Event): void => note('video_start', event.target as HTMLVideoElement)
  const ended = (event: Event): void => note('video_complete', event.target as HTMLVideoElement)

  // One may have been started while this file was on its way.
  for (const video of document.querySelectorAll('video')) if (!video.paused) note('video_start', video)
  const undo = [listen(page, document, 'play', playing), listen(page, document, 'ended', ended)]
  return () => {
    for (const step of undo) step()
  }
}

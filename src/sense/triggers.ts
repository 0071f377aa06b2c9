// triggers(): notices what changes a slot in the midst of a page view: what its experiences wait for, and a dismissal.
// Listens to nothing that no experience asks for, and only until all has happened that they wait for.

import { duration } from '../lib/duration.js'
import { dismissal } from '../lib/exposure.js'
import type { Guard } from '../lib/guard.js'
import type { Decision, Ruleset, Signal, Trigger } from '../types.js'
import { dismissals } from './dismiss.js'

export interface Triggers {
  /** A page view begins: nothing has fired in it. */
  begin(): void
  /** An event of this type has been recorded. */
  heard(type: string): void
  fired(trigger: Trigger): boolean
  /** Has the visitor dismissed what the slot showed? */
  dismissed(slot: string): boolean
  stop(): void
}

/** s. Whoever has done nothing for so long is not engaged. */
const ATTENTION = 30
/** px from the upper edge: a pointer that moves fast is last seen a little below it. */
const NEAR = 20
/** A flick: px at least, and px per ms. */
const FLICK = { length: 60, speed: 1 }

/** What tells that somebody is there. */
const ACTIVE = ['pointermove', 'pointerdown', 'keydown', 'wheel', 'scroll', 'touchmove']

/** The pointer goes up and out of the page, as it does on its way to the address bar. */
function leaving(document: Document, fire: () => void): () => void {
  const out = (event: MouseEvent): void => {
    // Into another element, or dragging something along: that is no leaving.
    if (!event.relatedTarget && !event.buttons && event.clientY <= NEAR) fire()
  }
  document.addEventListener('mouseout', out, { passive: true })

  // On a touch screen the finger flicks down, and the page goes back up to where the address bar shows again.
  let began: { y: number; at: number } | undefined
  const start = ({ touches, timeStamp }: TouchEvent): void => {
    began = touches.length === 1 ? { y: (touches[0] as Touch).clientY, at: timeStamp } : undefined
  }
  const end = ({ changedTouches, timeStamp }: TouchEvent): void => {
    const length = began ? (changedTouches[0] as Touch).clientY - began.y : 0
    // At the top of the page the same gesture loads it anew.
    if (began && length >= FLICK.length && length / (timeStamp - began.at) >= FLICK.speed && (document.defaultView?.scrollY ?? 0) > 0) fire()
  }
  document.addEventListener('touchstart', start, { passive: true })
  document.addEventListener('touchend', end, { passive: true })
  return () => {
    document.removeEventListener('mouseout', out)
    document.removeEventListener('touchstart', start)
    document.removeEventListener('touchend', end)
  }
}

/** The share of the document that has come into view, each time the visitor scrolls. */
function reading(view: Window, reached: (share: number) => void): () => void {
  let frame = 0
  const look = (): void => {
    frame = 0
    reached((view.scrollY + view.innerHeight) / view.document.documentElement.scrollHeight)
  }
  const scrolled = (): void => {
    // Heights are asked for once a frame, when they are known anyway.
    frame ||= view.requestAnimationFrame(look)
  }
  view.addEventListener('scroll', scrolled, { passive: true })
  return () => {
    view.removeEventListener('scroll', scrolled)
    view.cancelAnimationFrame(frame)
  }
}

/** Each second that the page is in sight: for how many the visitor has been engaged, and idle. */
function attending(view: Window, told: (engaged: number, idle: number) => void): () => void {
  const { document } = view
  let [engaged, idle] = [0, 0]
  const active = (): void => {
    idle = 0
  }
  const timer = setInterval(() => {
    if (document.visibilityState !== 'visible') return active()
    idle++
    if (idle <= ATTENTION && document.hasFocus()) engaged++
    told(engaged, idle)
  }, 1000)
  for (const type of ACTIVE) view.addEventListener(type, active, { capture: true, passive: true })
  return () => {
    clearInterval(timer)
    for (const type of ACTIVE) view.removeEventListener(type, active, { capture: true })
  }
}

/** What is shown, and what can be done about it. */
export interface Stage {
  decision(slot: string): Decision | undefined
  /** Decides a slot again. */
  again(slot: string): void
}

/** Undefined where no experience waits for anything, or can be dismissed. */
export function triggers({ slots = {} }: Ruleset, root: Node | undefined, guard: Guard, stage: Stage, note: (signal: Signal) => void): Triggers | undefined {
  const all = Object.entries(slots).flatMap(([slot, { experiences = [] }]) => experiences.map((one) => ({ ...one, slot })))
  const wanted = all.flatMap(({ on, enabled, slot }): [Trigger, string][] => (on && enabled !== false ? [[on, slot]] : []))
  const dismissible = all.flatMap(({ cooldown, name }) => (cooldown ? [name] : []))
  if (wanted.length + dismissible.length === 0) return undefined
  const document = root && (root.ownerDocument ?? (root as Document))
  const view = document?.defaultView
  let past = new Set<Trigger>()
  let closed = new Set<string>()
  let undo: (() => void)[] = []

  const rest = (): void => {
    for (const step of undo) step()
    undo = []
  }
  const fire = guard((fits: (trigger: Trigger) => boolean): void => {
    for (const [trigger, slot] of wanted) {
      if (past.has(trigger) || !fits(trigger)) continue
      past.add(trigger)
      stage.again(slot)
    }
    if (past.size === wanted.length) rest()
  })
  const waits = (...keys: string[]): boolean => wanted.some(([trigger]) => keys.some((key) => key in trigger))
  const passed = (length: string, seconds: number): boolean => duration(length) <= seconds * 1000

  const dismissed = guard((slot: string): void => {
    const decision = stage.decision(slot)
    if (!decision || decision.variant === 'default' || !dismissible.includes(decision.experience ?? '')) return
    closed.add(slot)
    note(dismissal(decision))
    stage.again(slot)
  })
  const unlisten = document && dismissible.length > 0 ? dismissals(document, dismissed) : undefined

  return {
    begin: () => {
      rest()
      past = new Set()
      closed = new Set()
      if (!view) return
      if (waits('exit')) undo.push(leaving(view.document, () => fire((trigger) => 'exit' in trigger)))
      if (waits('scroll')) undo.push(reading(view, (share) => fire((trigger) => 'scroll' in trigger && share >= trigger.scroll)))
      if (waits('engaged', 'idle')) {
        const told = (engaged: number, idle: number): void =>
          fire((trigger) => ('engaged' in trigger && passed(trigger.engaged, engaged)) || ('idle' in trigger && passed(trigger.idle, idle)))
        undo.push(attending(view, told))
      }
    },
    heard: (type) => fire((trigger) => 'event' in trigger && trigger.event === type),
    fired: (trigger) => past.has(trigger),
    dismissed: (slot) => closed.has(slot),
    stop: () => {
      rest()
      unlisten?.()
    },
  }
}

// gpp(): any consent manager of the IAB's Global Privacy Platform, version 1.1.

import { appears } from '../../lib/appears.js'
import { guarded } from '../../lib/guard.js'
import { type Ids, permitted } from '../../lib/permitted.js'
import type { ConsentSource, Told } from '../../types.js'

export interface GppOptions {
  /** TCF purposes, where the European section applies; by default those of `tcf()`. */
  purposes?: Ids<number>
  /**
   * What it means that a visitor in the United States was told and has opted out of nothing: by default nothing, so
   * that nobody is measured without having agreed. Say `granted` only where the law lets you.
   */
  notOptedOut?: 'unset' | 'granted'
  /** Opens the manager's dialog: the platform has no command for that. */
  open?(): void
}

type Section = { [field: string]: unknown }

/** Of https://github.com/InteractiveAdvertisingBureau/Global-Privacy-Platform, CMP API. */
interface GppEvent {
  listenerId?: number
  pingData?: { signalStatus?: string; cmpDisplayStatus?: string; applicableSections?: number[]; parsedSections?: { [section: string]: Section | Section[] } }
}

type Api = (command: string, heard: (event: GppEvent, ok: boolean) => void, parameter?: number) => void

const EUROPE = 2
const OPT_OUTS = ['SaleOptOut', 'SharingOptOut', 'TargetedAdvertisingOptOut']

/**
 * Where the European section applies, its purposes are read as by `tcf()`. In the United States an opt-out of sale,
 * sharing or targeted advertising denies `measure`, and Global Privacy Control denies both.
 */
export function gpp({ purposes, notOptedOut, open }: GppOptions = {}): ConsentSource {
  const view = globalThis as { __gpp?: Api }

  const european = ({ PublisherConsents, PurposeConsents }: Section): Told => {
    const own = PublisherConsents as boolean[] | undefined
    const consents = own?.includes(true) ? own : (PurposeConsents as boolean[])
    return permitted({ personalize: [1, 5, 6], measure: [1, 8], ...purposes }, (id) => consents[id - 1])
  }
  const american = (section: Section): Told => {
    if (section.Gpc === true || section.Gpc === 1) return { personalize: 'denied', measure: 'denied' }
    if (OPT_OUTS.some((name) => section[name] === 1)) return { measure: 'denied' }
    return notOptedOut === 'granted' && OPT_OUTS.some((name) => section[name] === 2) ? { personalize: 'granted', measure: 'granted' } : {}
  }

  return {
    name: 'gpp',
    subscribe: (heard, failed) => {
      let listener: number | undefined
      let answered = false
      let live = true
      const remove = guarded(failed)((): void => view.__gpp?.('removeEventListener', () => {}, listener))
      const told = guarded(failed)((event: GppEvent, ok: boolean): void => {
        if (!ok) return
        listener = event.listenerId
        if (!live) {
          remove()
          return
        }
        const { signalStatus, cmpDisplayStatus, applicableSections = [], parsedSections = {} } = event.pingData ?? {}
        const ready = signalStatus === 'ready'
        if (!ready && (answered || cmpDisplayStatus !== 'visible')) return
        answered = ready
        const said: Told = {}
        for (const [name, parts] of ready ? Object.entries(parsedSections) : []) {
          const section: Section = Object.assign({}, ...[parts].flat())
          const one = name === 'tcfeuv2' && applicableSections.includes(EUROPE) ? european(section) : /^us(?!p)/.test(name) && applicableSections.some((id) => id > EUROPE) ? american(section) : {}
          for (const purpose of ['personalize', 'measure'] as const) {
            // Any no beats any yes.
            if (one[purpose] && said[purpose] !== 'denied') said[purpose] = one[purpose]
          }
        }
        heard(said)
      })
      const stop = appears(() => view.__gpp, (api) => void api('addEventListener', told), failed)
      return () => {
        live = false
        stop()
        if (listener !== undefined) remove()
      }
    },
    ...(open && { open }),
  }
}

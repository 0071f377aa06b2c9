// The door of the wing: tells what may be told. What makes rows and sends them is not even fetched before the visitor agrees.

import type { SyncRules } from '../types.js'
import { begin, clear } from './clear.js'
import type { Teller, TellerOptions } from './teller.js'

export interface TellOptions extends Omit<TellerOptions, 'rules' | 'report' | 'may'> {
  /** May rows be made and sent, at this very moment? Undefined during a pause: what is kept for that stays. */
  may(): boolean | undefined
  report(message: string, error?: unknown): void
}

export interface Tell {
  /** Does what is allowed now: reads on in the log and sends, or aborts what is under way and empties what was kept for it. */
  follow(): Promise<void>
  leave(gone: boolean): void
  stop(): void
}

export function tell(options: TellOptions): Tell {
  const { ruleset, may, beside, report } = options
  /** Measuring was taken back, and the store could not be emptied yet: nothing is told before that. */
  let owed = false
  let teller: Teller | undefined
  let fetching: Promise<void> | undefined

  const fetchTeller = async (rules: SyncRules): Promise<void> => {
    try {
      const { createTeller } = await import('./teller.js')
      teller = createTeller({ ...options, rules } as TellerOptions)
    } catch (error) {
      // All of it stands in the log, so that nothing is lost when it is read later.
      report('teller.js could not be loaded', error)
      fetching = undefined
    }
  }

  return {
    follow: async () => {
      const allowed = may()
      if (allowed === undefined) return teller?.abort(false)
      if (!allowed) {
        teller?.abort(true)
        owed ||= teller !== undefined
      }
      if (!allowed || owed) {
        await beside((transaction) => {
          owed = false
          return clear(transaction)
        })
      }
      // Without an address there is nobody to tell.
      if (owed || !may() || !ruleset.sync) return
      // What happens while it is being fetched is told, too. By then another tab may have taken it back.
      if (!teller) await beside(async (...log) => (may() ? begin(...log) : undefined))
      fetching ??= fetchTeller(ruleset.sync)
      await fetching
      return teller?.follow()
    },
    leave: (gone) => teller?.leave(gone),
    stop: () => teller?.abort(false),
  }
}

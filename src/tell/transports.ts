// transports(): how a ruleset wants rows to be written. All but OTLP are files of their own, under transports/.

import type { SyncRules, Transport } from '../types.js'
import { otlp } from './otlp.js'

type Module = { [format: string]: (rules: SyncRules) => Transport }

/** Undefined where its file cannot be had: rows wait until it can. */
export async function transports(rules: SyncRules, report: (message: string) => void): Promise<Transport | undefined> {
  const { format = 'otlp' } = rules
  if (format === 'otlp') return otlp(rules)
  try {
    // An address made at run time is left alone by bundlers: it lies beside this file, and beside the script tag's.
    const { url } = import.meta
    const module: Module = await import(/* webpackIgnore: true */ /* @vite-ignore */ new URL(`transports/${format}.js`, url).href)
    return (module[format] as Module[string])(rules)
  } catch (error) {
    report(`transports/${format}.js could not be loaded, and rows wait; by ESM, pass it as "transport" (${error})`)
    return undefined
  }
}

// Why an item is recommended, in the page's language. English and Portuguese are inside, others come with the ruleset.

import { own } from '../../lib/own.js'
import type { BecauseTexts, Recommend } from '../../types.js'
import type { Catalogue } from './catalogue.js'
import type { Term } from './rank.js'

const TEXTS: { [language: string]: Required<BecauseTexts> } = {
  en: { here: 'Goes with {{item}}', seen: 'Because you viewed {{item}}', interest: 'Because you like {{topic}}', popular: 'Popular now', new: 'Something different' },
  pt: { here: 'Combina com {{item}}', seen: 'Porque você viu {{item}}', interest: 'Porque você gosta de {{topic}}', popular: 'Em alta', new: 'Algo diferente' },
}

/** By the language's whole name, else by its first part. */
const textsIn = <T>(texts: { [language: string]: T } | undefined, language: string): T | undefined => own(texts, language) ?? own(texts, language.split('-')[0] as string)

export function because({ because: [term] }: { because: Term[] }, { items, names }: Catalogue, rules: Pick<Recommend, 'because'>, language: string): string {
  const kind = term?.because ?? 'popular'
  const said = textsIn(rules.because, language)?.[kind] ?? (textsIn(TEXTS, language) ?? (TEXTS.en as Required<BecauseTexts>))[kind]
  return said.replace(/\{\{(item|topic)\}\}/g, (_, of) => `${(of === 'item' ? (items[term?.of ?? -1]?.title ?? '') : names[term?.of ?? -1]) ?? ''}`)
}

// What the banner says: English and Brazilian Portuguese are here, others are loaded alone, any by the ruleset or options.

import type { BannerTexts } from '../../types.js'

export type Texts = Required<BannerTexts>

/** In English and in Brazilian Portuguese. */
const BUILT_IN = {
  who: ['{controller} asks', '{controller} pergunta'],
  title: ['May this site remember what you read?', 'Este site pode lembrar o que você lê?'],
  personalize: ['Fit this site to you', 'Adaptar o site a você'],
  personalizeLine: ['What you read stays on this device, to choose what fits you.', 'O que você lê fica neste aparelho, para escolher o que combina com você.'],
  measure: ['Measure what works', 'Medir o que funciona'],
  measureLine: ['Anonymized counts are sent, one by one, with no identifier.', 'Contagens anonimizadas são enviadas, uma a uma, sem nenhum identificador.'],
  measureNeeds: ['Needs the first choice.', 'Precisa da primeira escolha.'],
  nothingSent: ['This site sends nothing.', 'Este site não envia nada.'],
  signal: ['Your browser asks not to be tracked: nothing is kept or sent, unless you allow it here.', 'Seu navegador pede para não ser rastreado: nada é guardado nem enviado, a menos que você permita aqui.'],
  policy: ['Privacy policy', 'Política de privacidade'],
  accept: ['Accept all', 'Aceitar tudo'],
  reject: ['Reject all', 'Rejeitar tudo'],
  manage: ['Manage', 'Gerenciar'],
  save: ['Save choice', 'Salvar escolha'],
  close: ['Close', 'Fechar'],
  saved: ['Saved. You can change it at any time.', 'Salvo. Você pode mudar quando quiser.'],
  failed: ['Not saved. Please try again.', 'Não foi salvo. Tente de novo.'],
  control: ['Privacy', 'Privacidade'],
} satisfies { [text in keyof Texts]: [string, string] }

/** Written out, so that every bundler sees them: each is a file of its own, loaded where a page speaks it. */
const LOADED: { [language: string]: () => Promise<{ [language: string]: Texts }> } = {
  de: () => import('./de.js'),
  es: () => import('./es.js'),
  fr: () => import('./fr.js'),
}

/**
 * The nearest language that the banner has, with the ruleset's texts and the site's own on top, and the language tag of
 * what is said. At once where it is here; a file that does not come leaves the question in English.
 */
export function wording(
  wanted: string,
  offered: { [language: string]: BannerTexts } = {},
  own: BannerTexts | undefined,
  use: (texts: Texts, language: string) => void,
  loaded = LOADED,
): void {
  const [language] = wanted.toLowerCase().split('-') as [string]
  const theirs = offered[wanted] ?? offered[language]
  const say = (texts: Texts, tag: string): void => use({ ...texts, ...theirs, ...own }, theirs || own ? wanted : tag)
  const [which, tag] = language === 'pt' ? ([1, 'pt-BR'] as const) : ([0, 'en'] as const)
  const builtIn = (): void => say(Object.fromEntries(Object.entries(BUILT_IN).map(([text, both]) => [text, both[which]])) as unknown as Texts, tag)
  const load = loaded[language]
  if (load) load().then((file) => say(file[language] as Texts, language), builtIn)
  else builtIn()
}

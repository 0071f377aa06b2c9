// What the banner says, in English and in Brazilian Portuguese; a site may change any text, or bring another language.

/** The buttons begin with plain words (accept, reject, manage), so that tools which answer banners find them. */
export interface Texts {
  /** Who asks; `{controller}` is the name that the ruleset gives. */
  who: string
  title: string
  personalize: string
  personalizeLine: string
  measure: string
  measureLine: string
  /** Beside the checkbox: nothing can be measured of what is not personalized. */
  measureNeeds: string
  /** Said where the ruleset sends nothing at all. */
  nothingSent: string
  /** Said when the browser has already answered by Global Privacy Control or Do Not Track. */
  signal: string
  policy: string
  accept: string
  reject: string
  manage: string
  save: string
  close: string
  saved: string
  failed: string
  /** The small button that opens the banner again. */
  control: string
}

const english: Texts = {
  who: '{controller} asks',
  title: 'May this site remember what you read?',
  personalize: 'Fit this site to you',
  personalizeLine: 'What you read is kept on this device, to choose what fits you. It never leaves it.',
  measure: 'Measure what works',
  measureLine: 'Anonymized counts are sent, one by one, with no identifier.',
  measureNeeds: 'Needs the first choice.',
  nothingSent: 'This site sends nothing.',
  signal: 'Your browser says that you do not want to be tracked. So nothing is kept and nothing is sent, unless you allow it here.',
  policy: 'Privacy policy',
  accept: 'Accept all',
  reject: 'Reject all',
  manage: 'Manage',
  save: 'Save choice',
  close: 'Close',
  saved: 'Saved. You can change this at any time.',
  failed: 'This could not be saved. Please try again.',
  control: 'Privacy',
}

const portuguese: Texts = {
  who: '{controller} pergunta',
  title: 'Este site pode lembrar o que você lê?',
  personalize: 'Adaptar o site a você',
  personalizeLine: 'O que você lê fica neste aparelho, para escolher o que combina com você. Não sai dele.',
  measure: 'Medir o que funciona',
  measureLine: 'Contagens anonimizadas são enviadas, uma a uma, sem nenhum identificador.',
  measureNeeds: 'Precisa da primeira escolha.',
  nothingSent: 'Este site não envia nada.',
  signal: 'Seu navegador diz que você não quer ser rastreado. Por isso nada é guardado nem enviado, a menos que você permita aqui.',
  policy: 'Política de privacidade',
  accept: 'Aceitar tudo',
  reject: 'Rejeitar tudo',
  manage: 'Gerenciar',
  save: 'Salvar escolha',
  close: 'Fechar',
  saved: 'Salvo. Você pode mudar quando quiser.',
  failed: 'Não foi possível salvar. Tente de novo.',
  control: 'Privacidade',
}

/** The nearest built-in language with the site's own texts on top, and the language tag of what is said. */
export function wording(wanted: string, own?: Partial<Texts>): { language: string; texts: Texts } {
  const [language, texts] = /^pt\b/i.test(wanted) ? ['pt-BR', portuguese] : ['en', english]
  return { language: own ? wanted : language, texts: { ...texts, ...own } }
}

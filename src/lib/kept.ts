// Everything that is ever kept on a visitor's device: where, what for, and how long. A test holds a played visit against it.

export interface Kept {
  where: 'localStorage' | 'sessionStorage' | 'IndexedDB'
  /** The key or, with `*` at its end, what it begins with; of IndexedDB the first part of keys in database `slotwise`. */
  key: string
  /** By language. */
  what: { en: string; 'pt-BR': string }
  /** `answer`: the answer's own 180 days; `events`: the ruleset's retention; else what it ends with. */
  lasts: 'answer' | 'events' | 'profile' | 'next page' | 'tab' | 'done' | 'measure' | 'trial'
  /** `choice`: only what the visitor has said; `profile`: while a profile may be kept on the device; `measure`: once measuring is granted; `asked`: when somebody asks for it. */
  when: 'choice' | 'profile' | 'measure' | 'asked'
}

export const KEPT: readonly Kept[] = [
  { where: 'localStorage', key: 'slotwise:consent', what: { en: 'the answer to the consent question, or a pause', 'pt-BR': 'a resposta à pergunta de consentimento, ou uma pausa' }, lasts: 'answer', when: 'choice' },
  { where: 'localStorage', key: 'slotwise:hint', what: { en: 'what the next page shows before anything is painted', 'pt-BR': 'o que a próxima página mostra antes de ser desenhada' }, lasts: 'next page', when: 'profile' },
  { where: 'localStorage', key: 'slotwise:left:*', what: { en: 'what a page could not write, or was asked to forget, when it was left', 'pt-BR': 'o que uma página não conseguiu gravar, ou esquecer a pedido, ao ser fechada' }, lasts: 'next page', when: 'profile' },
  { where: 'localStorage', key: 'slotwise:forgotten', what: { en: 'that everything is still to be erased', 'pt-BR': 'que tudo ainda precisa ser apagado' }, lasts: 'done', when: 'choice' },
  { where: 'sessionStorage', key: 'slotwise-preview', what: { en: 'that somebody looks at the site ahead of its visitors', 'pt-BR': 'que alguém vê o site antes dos visitantes' }, lasts: 'tab', when: 'asked' },
  { where: 'IndexedDB', key: 'e', what: { en: 'what the visitor did on this site', 'pt-BR': 'o que o visitante fez neste site' }, lasts: 'events', when: 'profile' },
  { where: 'IndexedDB', key: 'h', what: { en: 'how many events there are, and how visits began', 'pt-BR': 'quantos eventos há e como as visitas começaram' }, lasts: 'profile', when: 'profile' },
  { where: 'IndexedDB', key: 'p', what: { en: 'what the site has told of the visitor, and a random number for fair splits that never leaves the device', 'pt-BR': 'o que o site informou sobre o visitante, e um número aleatório para divisões justas que nunca sai do aparelho' }, lasts: 'profile', when: 'profile' },
  { where: 'IndexedDB', key: 's', what: { en: 'counts made from the events, so that pages start fast', 'pt-BR': 'contagens feitas dos eventos, para as páginas abrirem rápido' }, lasts: 'events', when: 'profile' },
  { where: 'IndexedDB', key: 't', what: { en: 'which tests the visitor is in, and what was told of them', 'pt-BR': 'de quais testes o visitante participa e o que foi contado' }, lasts: 'trial', when: 'measure' },
  { where: 'IndexedDB', key: 'o', what: { en: 'anonymized rows that wait to be sent', 'pt-BR': 'linhas anonimizadas que esperam o envio' }, lasts: 'measure', when: 'measure' },
  { where: 'IndexedDB', key: 'n', what: { en: 'how many rows were sent, and the last 200 of them, for the visitor to see', 'pt-BR': 'quantas linhas foram enviadas, e as últimas 200, para o visitante ver' }, lasts: 'measure', when: 'measure' },
  { where: 'IndexedDB', key: 'g', what: { en: 'how far the events have been read for rows', 'pt-BR': 'até onde os eventos foram lidos para as linhas' }, lasts: 'measure', when: 'measure' },
]

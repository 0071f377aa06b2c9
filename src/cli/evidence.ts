// slotwise check --assessment and --notice: templates for a data protection impact assessment and for a cookie notice,
// filled with what a ruleset says. What only the site can know is left open, in [brackets].

import type { Experience, Rule, Ruleset } from '../types.js'
import { hashOf } from './hash.js'
import { sensitive } from './lint/sensitive.js'
import { type Language, storageMarkdown } from './storage.js'

/** Every event and trait that the rules ask for, and where context is looked at. */
function asked(ruleset: Ruleset): { events: string[]; traits: string[]; context: string[] } {
  const [events, traits, context] = [new Set<string>(), new Set<string>(), new Set<string>()]
  const seek = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    if (Array.isArray(value)) for (const part of value) seek(part)
    else for (const [key, part] of Object.entries(value)) {
      if (key === 'event' && typeof part === 'string') events.add(part)
      const among = key === 'trait' ? traits : key === 'context' ? context : undefined
      if (among && typeof part === 'object' && part !== null) for (const name of Object.keys(part)) if (name[0] !== '$') among.add(name)
      if (key === 'assignBy' && typeof part === 'string') traits.add(part)
      seek(part)
    }
  }
  seek([ruleset.segments, ruleset.slots, ruleset.goals])
  for (const { weights } of Object.values(ruleset.interests ?? {})) for (const type of Object.keys(weights)) events.add(type)
  return { events: [...events].sort(), traits: [...traits].sort(), context: [...context].sort() }
}

const list = (names: string[], none: string): string => (names.length > 0 ? names.map((name) => `\`${name}\``).join(', ') : none)

const who = (when: Rule | undefined, everybody: string): string => (when === undefined ? everybody : typeof when === 'string' ? `\`${when}\`` : `\`${JSON.stringify(when)}\``)

const experiencesOf = ({ slots = {} }: Ruleset): [slot: string, experience: Experience][] => Object.entries(slots).flatMap(([slot, { experiences = [] }]) => experiences.map((one): [string, Experience] => [slot, one]))

/** Which words of the ruleset speak of what is specially protected. */
const markedIn = (ruleset: Ruleset): string[] => {
  const found: string[] = []
  sensitive(ruleset, (path) => found.push(path))
  return found
}

const ENGLISH = {
  title: 'Data protection impact assessment (template)',
  intro: 'Filled from the ruleset by `slotwise check --assessment`. What stands in [brackets] only the site can say. This is a template, and no legal advice.',
  facts: ['Facts', 'Controller', 'Ruleset', 'version', 'Privacy policy', 'Who decides before the visitor has chosen'],
  before: { local: 'a profile is kept on the device before a choice; nothing is sent', memory: 'nothing is kept on the device before a yes; this page’s memory only', off: 'nothing is kept and nothing is personalized before a yes' },
  ground: 'Why that is allowed',
  open: '[to be filled in]',
  processing: ['1. What is processed', 'What is noticed of the visitor, on the visitor’s own device', 'What the site tells of the visitor', 'What is looked at of the page view', 'none', 'Segments', 'Who sees what', 'slot', 'experience', 'for whom', 'kept', 'everybody'],
  storage: '2. What is kept on the device',
  sent: ['3. What leaves the device', 'Nothing: the ruleset has no `sync`.', 'Rows to', 'and only once `measure` is granted. A row holds words of this ruleset, the UTC day and an id that is used once: no identifier of a person or a device. A collector still sees the address and the time of a request; treat single rows as personal data, and call only thresholded counts anonymous. `slotwise check --wire` lists every row that can be sent.'],
  need: ['4. Necessity and proportionality', 'Purpose and benefit: [why personalization is needed, and what a visitor gains]', 'Less intrusive ways that were considered: [such as context alone, without a profile]', 'Retention'],
  risks: ['5. Risks, and what is done about them', 'risk', 'what is done', 'remains'],
  risk: [
    ['somebody else uses the device and sees what was done', 'erase, pause and forgetting one thing on the visitor’s page; `traits(null)` at logout'],
    ['a request gives the profile away', 'before `measure` no request of Slotwise or of a variant depends on the profile'],
    ['rows are joined to a person', 'closed vocabulary, one row a request, day-only time, random delay, no identifier'],
    ['segments speak of what is specially protected', 'names that look so'],
    ['a choice is not free', 'refusing is as easy as accepting; without an answer nothing is measured; GPC and Do Not Track count as a no'],
  ],
  rights: ['6. Rights of the visitor', 'Access and portability: `site.export()` and the visitor’s page. Erasure: `site.forget()`, all or one thing. Objection: pause, “not interested”, and withdrawal of each purpose. Rows that were sent cannot be found again, since nothing identifies them (GDPR Art. 11).'],
  sign: ['7. Opinion and decision', 'Data protection officer: [name, opinion, date]', 'Decision: [accepted, changed or stopped; who; date; next review]'],
  notice: ['Cookies and similar storage', 'This site sets no cookie for personalization. With your permission, or where the law does not ask for it, your browser keeps the following on your device:', 'uses', 'What you did on this site is used to choose what fits you. That happens on your device.', 'What is sent', 'Nothing is sent.', 'If you allow it, single anonymized counts are sent, with no identifier, to', 'Your choice holds for 180 days, whether yes or no. You can change it, see all that is known, take it along or erase it here:', 'the privacy page of this site', 'Controller', 'Privacy policy'],
}

const PORTUGUESE: typeof ENGLISH = {
  title: 'Relatório de impacto à proteção de dados (modelo)',
  intro: 'Preenchido a partir do ruleset por `slotwise check --assessment`. O que está entre [colchetes] só o site pode dizer. É um modelo, e não aconselhamento jurídico.',
  facts: ['Fatos', 'Controlador', 'Ruleset', 'versão', 'Política de privacidade', 'O que vale antes da escolha do visitante'],
  before: { local: 'um perfil fica no aparelho antes da escolha; nada é enviado', memory: 'nada fica no aparelho antes de um sim; só a memória da página', off: 'nada é guardado nem personalizado antes de um sim' },
  ground: 'Por que isso é permitido',
  open: '[a preencher]',
  processing: ['1. O que é tratado', 'O que se percebe do visitante, no aparelho dele', 'O que o site informa sobre o visitante', 'O que se olha da visita à página', 'nada', 'Segmentos', 'Quem vê o quê', 'espaço', 'experiência', 'para quem', 'guardado', 'todo mundo'],
  storage: '2. O que fica guardado no aparelho',
  sent: ['3. O que sai do aparelho', 'Nada: o ruleset não tem `sync`.', 'Linhas para', 'e só depois que `measure` é permitido. Uma linha traz palavras deste ruleset, o dia em UTC e um número usado uma só vez: nenhum identificador de pessoa ou de aparelho. Quem recebe ainda vê o endereço e a hora da requisição; trate linhas avulsas como dados pessoais, e chame de anônimas só as contagens acima de um mínimo. `slotwise check --wire` lista todas as linhas possíveis.'],
  need: ['4. Necessidade e proporcionalidade', 'Finalidade e benefício: [por que personalizar, e o que o visitante ganha]', 'Meios menos invasivos que foram considerados: [como só o contexto, sem perfil]', 'Retenção'],
  risks: ['5. Riscos, e o que se faz', 'risco', 'o que se faz', 'o que resta'],
  risk: [
    ['outra pessoa usa o aparelho e vê o que foi feito', 'apagar, pausar e esquecer um item na página do visitante; `traits(null)` ao sair da conta'],
    ['uma requisição revela o perfil', 'antes de `measure`, nenhuma requisição do Slotwise ou de uma variante depende do perfil'],
    ['linhas são ligadas a uma pessoa', 'vocabulário fechado, uma linha por requisição, só o dia, atraso aleatório, nenhum identificador'],
    ['segmentos falam de dados sensíveis', 'nomes que parecem falar'],
    ['a escolha não é livre', 'recusar é tão fácil quanto aceitar; sem resposta nada é medido; GPC e Do Not Track valem como não'],
  ],
  rights: ['6. Direitos do titular', 'Acesso e portabilidade: `site.export()` e a página do visitante. Eliminação: `site.forget()`, tudo ou um item. Oposição: pausa, “não tenho interesse” e revogação de cada finalidade. Linhas já enviadas não podem ser reencontradas, pois nada as identifica.'],
  sign: ['7. Parecer e decisão', 'Encarregado: [nome, parecer, data]', 'Decisão: [aceito, mudado ou parado; quem; data; próxima revisão]'],
  notice: ['Cookies e armazenamento semelhante', 'Este site não usa cookies para personalizar. Com a sua permissão, ou onde a lei não a exige, seu navegador guarda no seu aparelho:', 'usos', 'O que você faz neste site serve para escolher o que combina com você. Isso acontece no seu aparelho.', 'O que é enviado', 'Nada é enviado.', 'Se você permitir, contagens anonimizadas são enviadas, uma a uma e sem identificador, para', 'Sua escolha vale 180 dias, seja sim ou não. Você pode mudá-la, ver tudo o que se sabe, levar com você ou apagar aqui:', 'a página de privacidade deste site', 'Controlador', 'Política de privacidade'],
}

const WORDS: { [language in Language]: typeof ENGLISH } = { en: ENGLISH, 'pt-BR': PORTUGUESE }

const table = (heads: (string | undefined)[], rows: (string | undefined)[][]): string => [heads, heads.map(() => '---'), ...rows].map((row) => `| ${row.map((cell = '') => cell.replace(/\|/g, '\\|')).join(' | ')} |`).join('\n')

/** Markdown, ready to be completed. */
export function assessment(ruleset: Ruleset, language: Language = 'en'): string {
  const words = WORDS[language]
  const { consent = {}, sync, version, segments = {}, retention: { events: kept = '90d', count = 10_000 } = {} } = ruleset
  const { events, traits, context } = asked(ruleset)
  const [facts, controller, rules, versionWord, policy, beforeWord] = words.facts
  const [processing, noticed, told, looked, none = '', segmentsWord, seen, slot, experience, whom, , everybody = ''] = words.processing
  const before = consent.before ?? 'local'
  const marked = markedIn(ruleset)
  const risk = words.risk.map(([name, measure], i) => [name, i === 3 ? `${measure}: ${list(marked, none)}` : measure, words.open])
  return `# ${words.title}

${words.intro}

## ${facts}

- ${controller}: ${consent.controller ?? words.open}
- ${rules}: ${versionWord} ${version}, \`${hashOf(ruleset)}\`
- ${policy}: ${consent.policy ?? words.open}
- ${beforeWord}: ${words.before[before]}
${before === 'local' ? `- ${words.ground}: ${consent.legalGround ?? words.open}\n` : ''}
## ${processing}

- ${noticed}: ${list(events, none)}
- ${told}: ${list(traits, none)}
- ${looked}: ${list(context, none)}
- ${segmentsWord}: ${list(Object.keys(segments), none)}

${seen}:

${table([slot, experience, whom], experiencesOf(ruleset).map(([name, one]) => [`\`${name}\``, `\`${one.name}\``, who(one.when, everybody)]))}

## ${words.storage}

${storageMarkdown(ruleset, language)}

## ${words.sent[0]}

${sync ? `${words.sent[2]} \`${sync.endpoint}\`, ${words.sent[3]}` : words.sent[1]}

## ${words.need[0]}

- ${words.need[1]}
- ${words.need[2]}
- ${words.need[3]}: ${kept}, ${count.toLocaleString(language)}

## ${words.risks[0]}

${table(words.risks.slice(1), risk)}

## ${words.rights[0]}

${words.rights[1]}

## ${words.sign[0]}

- ${words.sign[1]}
- ${words.sign[2]}
`
}

/** Markdown for visitors, ready to be put into a page. */
export function notice(ruleset: Ruleset, language: Language = 'en'): string {
  const [title, intro, , use, sentTitle, nothing, sent, choice, page, controller, policy] = WORDS[language].notice
  const { consent = {}, sync } = ruleset
  const { open } = WORDS[language]
  return `# ${title}

${intro}

${storageMarkdown(ruleset, language)}

${use}

## ${sentTitle}

${sync ? `${sent} \`${sync.endpoint}\`.` : nothing}

${choice} [${page}](${open}).

${controller}: ${consent.controller ?? open}. ${policy}: ${consent.policy ?? open}.
`
}

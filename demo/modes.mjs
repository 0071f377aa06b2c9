// The pages that show what each consent mode keeps before an answer: their words, and the ruleset of each.

export const modes = ['local', 'memory', 'off']

/** The same site three times: only what happens before the answer differs, and the banner's layout. */
export const modeRuleset = (mode) => ({
  version: 1,
  segments: { presser: { event: 'pressed', count: { $gte: 2 } } },
  goals: { press: { event: 'pressed', window: '1d' } },
  slots: { answer: { live: true, experiences: [{ name: `answer-${mode}`, when: 'presser', show: 'known', goal: 'press' }] } },
  consent: { before: mode, ...(mode === 'local' ? { legalGround: 'demo on your own machine' } : {}), revision: 1, controller: 'Vereda (demo)', policy: '/privacidade/' },
  sync: { endpoint: '/collect/v1/logs' },
})

export const modeWords = {
  'pt-BR': {
    path: '/modos/',
    link: 'Os modos',
    title: 'Antes da resposta: três modos',
    lead: 'O que fica no aparelho enquanto ninguém respondeu ao aviso depende do site. Aqui se vê cada modo, com o que este navegador guarda de verdade.',
    names: { local: 'local', memory: 'memory', off: 'off' },
    about: {
      local: 'O que a pessoa faz fica neste aparelho desde o começo, e nada sai. Aperte duas vezes, recarregue a página: ela ainda sabe.',
      memory: 'Até a resposta, o que a pessoa faz fica só na memória desta página. Aperte duas vezes: a página muda. Recarregue: ela esqueceu. Aceite, e o que já foi feito aqui passa a ser guardado.',
      off: 'Até a resposta, nada é lembrado, nem por um instante. Aperte quantas vezes quiser: a página não muda até você aceitar.',
    },
    button: 'Aperte',
    own: 'Você ainda não apertou duas vezes, que se saiba.',
    known: 'Você apertou ao menos duas vezes.',
    fresh: 'Como se fosse a primeira vez',
    table: { databases: 'Bancos de dados (IndexedDB)', keys: 'Chaves no localStorage', cookies: 'Cookies', collected: 'Pedidos ao coletor', answer: 'Sua resposta', none: 'nenhum', unset: 'sem resposta', granted: 'sim', denied: 'não', personalize: 'personalizar', measure: 'medir' },
    note: 'Os três modos dividem este endereço, e com ele o que o navegador guarda: ao passar de “local” para outro modo sem ter respondido, o banco de dados é esvaziado, como num site que muda de modo.',
  },
  en: {
    path: '/en/modes/',
    link: 'The modes',
    title: 'Before an answer: three modes',
    lead: 'What stays on the device while nobody has answered the notice is for the site to decide. Here is each mode, with what this browser really keeps.',
    names: { local: 'local', memory: 'memory', off: 'off' },
    about: {
      local: 'What a visitor does is kept on this device from the start, and nothing leaves it. Press twice, load the page again: it still knows.',
      memory: 'Until the answer, what a visitor does is in the memory of this page only. Press twice: the page changes. Load it again: it has forgotten. Agree, and what was done here is kept from then on.',
      off: 'Until the answer nothing is remembered, not even for a moment. Press as often as you like: the page does not change until you agree.',
    },
    button: 'Press',
    own: 'You have not pressed twice yet, as far as anyone knows.',
    known: 'You have pressed at least twice.',
    fresh: 'As if for the first time',
    table: { databases: 'Databases (IndexedDB)', keys: 'Keys in localStorage', cookies: 'Cookies', collected: 'Requests to the collector', answer: 'Your answer', none: 'none', unset: 'no answer', granted: 'yes', denied: 'no', personalize: 'personalize', measure: 'measure' },
    note: 'The three modes share this address, and with it what the browser keeps: who goes from “local” to another mode without having answered finds the database emptied, as on a site that changes its mode.',
  },
}

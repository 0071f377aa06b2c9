// Builds the demo site into demo/public: plain HTML files, as any site has them, beside the built script.

import { cpSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { languages, stories, words } from './content.mjs'
import { data, writePage } from './frame.mjs'
import { modeRuleset, modes, modeWords } from './modes.mjs'
import { notice } from './notice.mjs'
import { places, writeReading } from './reading.mjs'
import { writeResults } from './results.mjs'
import { scene } from './scene.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const out = join(here, 'public')

const section = { 'pt-BR': { boots: '/leia/botas/', camping: '/leia/acampamento/', shop: '/loja/' }, en: { boots: '/en/read/boots/', camping: '/en/read/camping/', shop: '/en/shop/' } }
const address = (lang, story) => `${section[lang][story.topic]}${story[lang].slug}/`

const hero = (lang, { kicker, title, lead, link, to }, kind, seed) => `${scene(kind, seed)}
      <div class="hero-words"><p class="kicker">${kicker}</p><h1>${title}</h1><p class="lead">${lead}</p><a class="button" href="${section[lang][to]}">${link}</a></div>`

const product = (lang, id) => {
  const { products, add } = words[lang]
  const { name, price, note, category } = products[id]
  return `<div class="product product-${category}"><div><strong>${name}</strong><span>${note}</span></div><b>${price}</b>
        <button type="button" data-track="cart_add" data-track-item="${id}" data-track-category="${category}">${add}</button></div>`
}

const shelf = (lang, { title, lead, item }) => `<div class="shelf-words"><h2>${title}</h2><p>${lead}</p></div>${product(lang, item)}`

/** A slot: its variants as templates first, then the page's own content. */
const slot = (name, element, variants, own) => `<${element} class="${name}" data-slot="${name}">
    ${Object.entries(variants)
      .map(([variant, html]) => `<template data-variant="${variant}">${html}</template>`)
      .join('\n    ')}
    ${own}
  </${element}>`

const shelfSlot = (lang) => {
  const { default: own, ...variants } = words[lang].shelf
  return slot('shelf', 'aside', Object.fromEntries(Object.entries(variants).map(([name, content]) => [name, shelf(lang, content)])), shelf(lang, own))
}

const form = (lang, { title, lead, button }) => {
  const { label, placeholder, note, thanks } = words[lang].signupWords
  // The field has no name: even a form that could be sent would not carry it.
  return `<div class="signup-words"><h2>${title}</h2><p>${lead}</p></div>
    <form data-newsletter><label><span>${label}</span><input type="email" required autocomplete="email" placeholder="${placeholder}"></label><button>${button}</button></form>
    <p class="signup-note">${note}</p><p class="signup-thanks" role="status" hidden>${thanks}</p>`
}

/** The experiment: three wordings of one form, and a thank-you for those who have signed up. */
const signupSlot = (lang) => {
  const { default: own, thanks, ...arms } = words[lang].signup
  const variants = Object.fromEntries(Object.entries(arms).map(([name, content]) => [name, form(lang, content)]))
  const done = `<div class="signup-words"><h2>${thanks.title}</h2><p>${thanks.lead}</p></div>`
  return slot('signup', 'section', { ...variants, thanks: done }, form(lang, own))
}

/** Empty until somebody has read half of a story; closed, it stays away for a day, then longer. */
const nudgeSlot = (lang) => {
  const { title, lead, link, close } = words[lang].nudge
  return slot('nudge', 'aside', { letter: `<p><strong>${title}</strong> ${lead}</p><p><a class="button" href="#letter">${link}</a><button class="plain" type="button" data-slotwise-dismiss>${close}</button></p>` }, '')
}

const card = (lang, story) => `<a class="card" href="${address(lang, story)}">${scene(story.topic, story.scene)}
        <span class="topic">${words[lang].topics[story.topic]}</span><h3>${story[lang].title}</h3><p>${story[lang].lead}</p></a>`

/** The stories that come next: the page's own three, or what fits the reader, each with its reason. */
const nextSlot = (lang, own) => {
  const { more, next } = words[lang]
  const item = `<article class="card"><div class="card-words"><span class="topic">{{topic}}</span><h3><a href="{{url}}">{{title}}</a></h3><p>{{lead}}</p><p class="why">{{because}}</p><button class="plain" type="button" data-slotwise-not-interested>${next.not}</button></div></article>`
  const picked = `<h2 class="rule">${next.title}</h2><p class="aside">${next.about}</p><div class="cards"><template data-each>${item}</template></div>`
  return slot('next', 'section', { [`next-${places[lang].name}`]: picked }, `<h2 class="rule">${more}</h2><div class="cards">${own.map((one) => card(lang, one)).join('')}</div>`)
}

/** Nothing, until something is in the basket. */
const togetherSlot = (lang) => {
  const { together, add } = words[lang]
  const item = `<div class="product"><div><strong>{{title}}</strong><span>{{note}}</span><span class="why">{{because}}</span></div><b>{{price}}</b>
        <button type="button" data-track="cart_add" data-track-item="{{key}}">${add}</button><button class="plain" type="button" data-slotwise-not-interested>${together.not}</button></div>`
  return slot('together', 'section', { [`together-${places[lang].name}`]: `<h2 class="rule">${together.title}</h2><div class="products"><template data-each>${item}</template></div>` }, '')
}

const page = (lang, content) => writePage(out, lang, { shop: section[lang].shop, ...content })

rmSync(out, { recursive: true, force: true })
for (const lang of languages) {
  const w = words[lang]
  const elsewhere = w.other.lang

  const { default: own, ...variants } = w.hero
  const heroes = Object.fromEntries(Object.entries(variants).map(([name, content], i) => [name, hero(lang, content, name, 40 + i)]))
  page(lang, {
    path: w.home,
    title: `${w.name}: ${w.tagline}`,
    description: own.lead,
    other: words[elsewhere].home,
    main: `<main>
  ${slot('hero', 'section', heroes, hero(lang, own, 'cover', 5))}
  <h2 class="rule">${w.latest}</h2>
  <div class="cards">${stories.map((story) => card(lang, story)).join('')}</div>
  ${shelfSlot(lang)}
  ${signupSlot(lang)}
  </main>`,
  })

  for (const story of stories) {
    const s = story[lang]
    const next = [...stories.filter((one) => one !== story && one.topic === story.topic), ...stories.filter((one) => one.topic !== story.topic)].slice(0, 3)
    page(lang, {
      path: address(lang, story),
      title: `${s.title} · ${w.name}`,
      description: s.lead,
      other: address(elsewhere, story),
      main: `<main class="story">
  <article>
    <p class="topic">${w.topics[story.topic]} · ${w.minutes(2)}</p><h1>${s.title}</h1><p class="lead">${s.lead}</p>
    ${scene(story.topic, story.scene)}
    ${s.body.map((text) => `<p>${text}</p>`).join('\n    ')}
    <p><a class="button" href="${w.home}">${w.back}</a></p>
  </article>
  ${nudgeSlot(lang)}
  <div id="letter">${signupSlot(lang)}</div>
  ${shelfSlot(lang)}
  ${nextSlot(lang, next)}
  </main>`,
    })
  }

  page(lang, {
    path: section[lang].shop,
    title: `${w.shop.title} · ${w.name}`,
    description: w.shop.lead,
    other: section[elsewhere].shop,
    main: `<main class="story">
  <h1>${w.shop.title}</h1><p class="lead">${w.shop.lead}</p>
  <div class="products">${Object.keys(w.products)
    .map((id) => product(lang, id))
    .join('')}</div>
  ${togetherSlot(lang)}
  ${shelfSlot(lang)}
  ${signupSlot(lang)}
  </main>`,
  })

  const { rows, privacy } = notice[lang]
  page(lang, {
    path: rows.path,
    title: `${rows.title} · ${w.name}`,
    description: rows.lead,
    other: notice[elsewhere].rows.path,
    own: ['rows'],
    main: `<main class="story rows">
  <h1>${rows.title}</h1><p class="lead">${rows.lead}</p>
  <p class="aside">${rows.anonymous}</p>
  <div id="rows"></div>
  <p class="aside">${rows.machine}</p>
  ${data('rows-words', rows.live)}
  </main>`,
  })

  const m = modeWords[lang]
  const modePath = (lang, mode) => `${modeWords[lang].path}${mode === modes[0] ? '' : `${mode}/`}`
  for (const mode of modes) {
    const tabs = modes.map((one) => `<li><a href="${modePath(lang, one)}"${one === mode ? ' aria-current="page"' : ''}>${m.names[one]}</a></li>`)
    const kept = ['databases', 'keys', 'cookies', 'collected', 'answer'].map((what) => `<tr><th scope="row">${m.table[what]}</th><td data-kept="${what}"></td></tr>`)
    page(lang, {
      path: modePath(lang, mode),
      title: `${m.title} · ${w.name}`,
      description: m.lead,
      other: modePath(elsewhere, mode),
      own: ['modes'],
      ruleset: `/modos/${mode}.json`,
      main: `<main class="story modes">
  <h1>${m.title}</h1><p class="lead">${m.lead}</p>
  <ul class="modes-tabs">${tabs.join('')}</ul>
  <p>${m.about[mode]}</p>
  ${slot('answer', 'div', { known: m.known }, m.own)}
  <p class="modes-do"><button type="button" data-track="pressed">${m.button}</button><button class="plain" type="button" data-fresh>${m.fresh}</button></p>
  <table><tbody>${kept.join('')}</tbody></table>
  <p class="modes-note">${m.note}</p>
  ${data('modes-words', m.table)}
  </main>`,
    })
  }

  page(lang, {
    path: privacy.path,
    title: `${privacy.title} · ${w.name}`,
    description: privacy.lead,
    other: notice[elsewhere].privacy.path,
    extras: 'privacy',
    // The ruleset names one policy for all: whoever comes here from the other language finds the way at once.
    main: `<main class="story"><article class="privacy">
  <p class="topic"><a href="${notice[elsewhere].privacy.path}" lang="${elsewhere}" hreflang="${elsewhere}">${privacy.elsewhere}</a></p>
  <h1>${privacy.title}</h1><p class="lead">${privacy.lead}</p>
  <slotwise-privacy></slotwise-privacy>
  ${privacy.parts.map(([title, texts]) => `<h2>${title}</h2>\n  ${texts.map((text) => (text.code ? `<pre><code>${text.code}</code></pre>` : `<p>${text}</p>`)).join('\n  ')}`).join('\n  ')}
  </article></main>`,
  })
}

writeReading(out, address)
for (const mode of modes) writeFileSync(join(out, 'modos', `${mode}.json`), `${JSON.stringify(modeRuleset(mode), null, 2)}\n`)
await writeResults(out, Object.fromEntries(languages.map((lang) => [lang, words[lang].home])))
for (const file of ['demo.css', 'strip.css', 'rows.css', 'modes.css', 'modes.js', 'signup.js', 'strip.js', 'rows.js', 'icon.svg', 'slotwise.json']) cpSync(join(here, file), join(out, file))
// The script tag loads the others from beside itself, each when it is needed.
for (const file of ['slotwise.js', 'teller.js', 'language.js', 'hinter.js', 'signals.js', 'explain.js', 'portable.js', 'previewer.js', 'banner.js', 'privacy.js', 'recommend.js', 'recommender.js', 'anticipate.js']) cpSync(join(here, '../dist', file), join(out, file))
for (const folder of ['banner', 'privacy']) cpSync(join(here, '../dist', folder), join(out, folder), { recursive: true })

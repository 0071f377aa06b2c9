// Builds the demo site into demo/public: plain HTML files, as any site has them, beside the built script.

import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { languages, stories, words } from './content.mjs'
import { scene } from './scene.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const out = join(here, 'public')

const section = { 'pt-BR': { boots: '/leia/botas/', camping: '/leia/acampamento/', shop: '/loja/' }, en: { boots: '/en/read/boots/', camping: '/en/read/camping/', shop: '/en/shop/' } }
const address = (lang, story) => `${section[lang][story.topic]}${story[lang].slug}/`

// As strict as a policy can be: no inline code, no inline styles, and nothing may turn text into markup.
const POLICY = "default-src 'self'; img-src 'self' data:; base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'"

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

const card = (lang, story) => `<a class="card" href="${address(lang, story)}">${scene(story.topic, story.scene)}
        <span class="topic">${words[lang].topics[story.topic]}</span><h3>${story[lang].title}</h3><p>${story[lang].lead}</p></a>`

function page(lang, { path, title, description, main, other }) {
  const w = words[lang]
  const html = `<!doctype html>
<html lang="${lang}">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta http-equiv="Content-Security-Policy" content="${POLICY}">
  <meta name="color-scheme" content="light dark">
  <title>${title}</title>
  <meta name="description" content="${description}">
  <link rel="icon" href="/icon.svg">
  <link rel="stylesheet" href="/demo.css">
  <script src="/slotwise.js" data-ruleset="/slotwise.json" async></script>
  <script src="/strip.js" defer></script>
</head>
<body>
  <header class="top">
    <a class="name" href="${w.home}">${w.name}</a><span class="tagline">${w.tagline}</span>
    <nav><a href="${section[lang].shop}">${w.shop.label}</a><a href="${other}" lang="${w.other.lang}" hreflang="${w.other.lang}">${w.other.label}</a></nav>
  </header>
  ${main}
  <footer class="foot"><p>${w.footer}</p></footer>
  <script type="application/json" id="strip-words">${JSON.stringify(w.strip)}</script>
</body>
</html>
`
  const file = join(out, path, 'index.html')
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, html)
}

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
  ${shelfSlot(lang)}
  <h2 class="rule">${w.more}</h2>
  <div class="cards">${next.map((one) => card(lang, one)).join('')}</div>
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
  ${shelfSlot(lang)}
  </main>`,
  })
}

for (const file of ['demo.css', 'strip.js', 'icon.svg', 'slotwise.json']) cpSync(join(here, file), join(out, file))
cpSync(join(here, '../dist/slotwise.js'), join(out, 'slotwise.js'))

// A site that answers as slowly as a test says, sends its pages in pieces, and writes down what each frame shows.

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Of each slot what a frame shows, when that is something new; in Chromium what was painted, and what was shifted, too. */
const WATCH = `(() => {
  const seen = window.seen = {}, painted = window.painted = [], trouble = window.trouble = []
  window.shift = 0
  const look = () => {
    for (const slot of document.querySelectorAll('[data-slot]')) {
      const now = getComputedStyle(slot).visibility === 'hidden' ? 'nothing' : slot.querySelector('h2')?.textContent ?? ''
      const list = seen[slot.dataset.slot] ??= []
      if (list[list.length - 1] !== now) list.push(now)
    }
    requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
  addEventListener('error', (event) => trouble.push('error: ' + event.message))
  addEventListener('unhandledrejection', (event) => trouble.push('rejection: ' + event.reason))
  addEventListener('securitypolicyviolation', (event) => trouble.push('policy: ' + event.violatedDirective + ' ' + event.blockedURI))
  const observe = (type, heard) => PerformanceObserver.supportedEntryTypes.includes(type) && new PerformanceObserver((list) => list.getEntries().forEach(heard)).observe({ type, buffered: true })
  observe('element', (entry) => painted.push(entry.identifier))
  observe('layout-shift', (entry) => window.shift += entry.value)
})()`

export const hashOf = (code: string): string => `'sha256-${createHash('sha256').update(code).digest('base64')}'`

export const bootstrap = (): string => readFileSync('dist/bootstrap.js', 'utf8')
export const WATCHED = `<script>${WATCH}</script>`
export const INLINE = (code = bootstrap()): string => `<script>${code}</script>`
export const TAG = '<script src="/slotwise.js" data-ruleset="/slotwise.json" async></script>'

/** A slot whose page says when each of its contents was painted. */
export const slot = (name: string, own: string, variants: { [name: string]: string } = {}): string =>
  `<section data-slot="${name}">${Object.entries(variants)
    .map(([variant, words]) => `<template data-variant="${variant}"><h2 elementtiming="${name}: ${words}">${words}</h2></template>`)
    .join('')}<h2 elementtiming="${name}: ${own}">${own}</h2></section>\n`

/** A page; a number among its pieces is a pause in ms. */
export const page = (head: string, ...body: (string | number)[]): (string | number)[] => [
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Slow</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/page.css">${head}</head><body>\n<p elementtiming="page">A page</p>\n`,
  ...body,
  '<footer>The end</footer></body></html>',
]

export interface SlowSite {
  url: string
  files: Map<string, (string | number)[]>
  /** ms before a path is answered; Infinity never. */
  delays: Map<string, number>
  /** May browsers keep what they have been sent? */
  cached: boolean
  /** Sent with every answer. */
  headers: { [name: string]: string }
  close(): Promise<void>
}

const TYPES: { [extension: string]: string } = { js: 'text/javascript', json: 'application/json', css: 'text/css' }
const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms))

export async function slowSite(ruleset: object): Promise<SlowSite> {
  const files = new Map<string, (string | number)[]>([
    ['/slotwise.json', [JSON.stringify(ruleset)]],
    ['/page.css', ['body { margin: 20px; font: 20px/1.5 sans-serif } h2 { font: inherit; margin: 0 }']],
    ...['slotwise', 'hinter', 'language', 'teller', 'banner'].map((name): [string, string[]] => [`/${name}.js`, [readFileSync(`dist/${name}.js`, 'utf8')]]),
  ])
  const site: SlowSite = {
    url: '',
    files,
    delays: new Map(),
    cached: false,
    headers: {
      'content-security-policy': `default-src 'self'; img-src data:; script-src 'self' ${hashOf(WATCH)} ${hashOf(bootstrap())}; base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'`,
    },
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
  const send = async (path: string, response: ServerResponse): Promise<void> => {
    const delay = site.delays.get(path) ?? 0
    if (delay === Number.POSITIVE_INFINITY) return
    await pause(delay)
    const pieces = files.get(path)
    const type = TYPES[/\.(\w+)$/.exec(path)?.[1] ?? ''] ?? 'text/html'
    const keep = site.cached && type !== 'text/html' ? 'max-age=600' : 'no-store'
    response.writeHead(pieces ? 200 : 404, { 'content-type': `${type}; charset=utf-8`, 'cache-control': keep, ...site.headers })
    for (const piece of pieces ?? []) {
      if (typeof piece === 'number') await pause(piece)
      else response.write(piece)
    }
    response.end()
  }
  const server = createServer((request, response) => void send((request.url ?? '/').replace(/\?.*/, ''), response))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  site.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return site
}

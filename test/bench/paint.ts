// When a page is first painted, and what is painted of its slots: without a script, with the bootstrap, with GrowthBook's
// script and its payload in the page, and with a swap that comes late, which this must catch. Chromium says what it has painted.

import { readFileSync } from 'node:fs'
import { chromium, type Page } from 'playwright'
import { chromiumLaunch, found } from '../support/browsers.js'
import { INLINE, page, slowSite, TAG, WATCHED } from '../support/slowSite.js'
import { interval, median } from './rounds.js'

const OWN = '<h2 elementtiming="own">Welcome</h2>'
const VARIANT = '<h2 elementtiming="variant">Welcome back</h2><p>Your boots are waiting where you left them.</p>'
const BODY = [`<section data-slot="hero"><template data-variant="fan">${VARIANT}</template>${OWN}</section>`, ...Array.from({ length: 40 }, (_, n) => `<p>Paragraph ${n} of a page that has something to say, as most pages have.</p>\n`)]

const RULESET = { version: 1, slots: { hero: { experiences: [{ name: 'hero', when: { event: 'like' }, show: 'fan' }] } } }

/** The same swap as an experiment of which everybody gets the second variation. */
const GROWTHBOOK = {
  payload: {
    features: {},
    experiments: [
      {
        key: 'hero',
        changeId: 'hero',
        status: 'running',
        variations: [{}, { domMutations: [{ selector: '[data-slot=hero]', action: 'set', attribute: 'html', value: VARIANT }] }],
        weights: [0, 1],
        hashAttribute: 'id',
        urlPatterns: [{ include: true, type: 'simple', pattern: '*' }],
        coverage: 1,
      },
    ],
  },
  noStreaming: true,
}
const growthbook = (attributes: string): string => `<script>window.growthbook_config = ${JSON.stringify(GROWTHBOOK)}</script><script async src="/growthbook.js" data-tracking="none" ${attributes}></script>`

const LATE = `addEventListener('DOMContentLoaded', () => setTimeout(() => { document.querySelector('[data-slot]').innerHTML = ${JSON.stringify(VARIANT)} }, 50))`

const HEADS: [name: string, head: string][] = [
  ['no script', ''],
  ['no script, again', ''],
  ['Slotwise, bootstrap', `${INLINE()}${TAG}`],
  ['GrowthBook', growthbook('')],
  ['GrowthBook, anti-flicker', growthbook('data-anti-flicker="1"')],
  ['a late swap', `<script>${LATE}</script>`],
]

interface Load {
  /** ms from the start of the navigation. */
  fcp: number
  /** The page's own content was painted, and then the variant. */
  flash: boolean
  variant: boolean
  shift: number
}

const load = async (tab: Page, url: string): Promise<Load> => {
  await tab.goto(url)
  return tab.evaluate(`new Promise((done) => setTimeout(() => done({
    fcp: performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
    flash: painted.includes('own') && painted.includes('variant'),
    variant: painted.includes('variant'),
    shift,
  }), 150))`) as Promise<Load>
}

const ms = (value: number): string => value.toFixed(1).padStart(6)

/** ms by which each load was painted later than the one of its round. */
const laterBy = (own: Load[], plain: Load[]): number[] => own.map(({ fcp }, i) => fcp - (plain[i] as Load).fcp)

/** One line: when it was painted, and what. */
function line(name: string, own: Load[], plain: Load[]): string {
  const differences = laterBy(own, plain)
  const [low, high] = interval(differences)
  const against = own === plain ? '' : `${ms(median(differences))}  (${low.toFixed(1)} to ${high.toFixed(1)})`
  const [shown, flashes] = [own.filter(({ variant }) => variant).length, own.filter(({ flash }) => flash).length]
  const painted = shown ? `variant painted in ${shown}, after the page's own in ${flashes}` : ''
  return `  ${name.padEnd(26)}  ${ms(median(own.map(({ fcp }) => fcp)))}  ${against.padEnd(26)}  ${`${own.filter(({ shift }) => shift > 0).length}`.padStart(7)}  ${painted}`
}

export default async function paint(count = Number(process.env.LOADS ?? 100)): Promise<void> {
  if (!found.chromium) return console.log('\nchromium: not on this machine')
  const site = await slowSite(RULESET)
  // Whoever comes back has the files already.
  site.cached = true
  // Isolated pages get the finer clock; and GrowthBook's way of swapping is not for a page with a strict policy.
  site.headers = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' }
  site.files.set('/growthbook.js', [readFileSync('node_modules/@growthbook/growthbook/dist/bundles/auto.min.js', 'utf8')])
  HEADS.forEach(([, head], n) => site.files.set(`/${n}`, page(`${WATCHED}${head}`, ...BODY)))

  const browser = await chromium.launch(chromiumLaunch)
  const tab = await browser.newPage()
  await tab.goto(`${site.url}/2`)
  await tab.evaluate(`(async () => { while (!window.slotwise?.track) await new Promise((next) => setTimeout(next, 10)); await slotwise.ready; await slotwise.track('like') })()`)
  await tab.waitForFunction(`localStorage.getItem('slotwise:hint')?.includes('"variant":"fan"')`)

  const pass = async (title: string, contenders: number[]): Promise<void> => {
    const loads: Load[][] = HEADS.map(() => [])
    for (let round = -3; round < count; round++) {
      // Another address each time: the same one again would be a reload.
      for (const n of contenders.map((_, i) => contenders[(i + round + 3) % contenders.length] as number)) {
        const one = await load(tab, `${site.url}/${n}?${round}`)
        // The first rounds warm up.
        if (round >= 0) loads[n]?.push(one)
      }
    }
    console.log(`\nfirst paint in Chromium, ${title} (${count} interleaved loads of each)`)
    console.log(`  ${'first contentful paint, ms'.padEnd(26)}  median  ${'against no script, 95 %'.padEnd(26)}  shifted`)
    for (const n of contenders) console.log(line(HEADS[n]?.[0] as string, loads[n] as Load[], loads[0] as Load[]))
    const against = (n: number): number[] => laterBy(loads[n] as Load[], loads[0] as Load[])
    const beyond = median(against(2)) - interval(against(1))[1]
    console.log(`  Slotwise's median lies ${beyond <= 0 ? 'within' : `${beyond.toFixed(1)} ms beyond`} the interval of the same page against itself; promised are at most 5 ms beyond`)
  }

  await pass('files in the cache', HEADS.map((_, n) => n))
  // And whoever comes for the first time in a while: scripts are on their way for as long as over a good line.
  site.cached = false
  for (const script of ['/slotwise.js', '/growthbook.js']) site.delays.set(script, 60)
  await pass('scripts take 60 ms to arrive', [0, 1, 2, 3, 4])
  await browser.close()
  await site.close()
}

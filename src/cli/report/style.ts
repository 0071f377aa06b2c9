// How a report's page looks: light and dark, on a phone and on a desk, and on paper. Colours of arms are told apart by
// people who see few of them, too (Okabe and Ito 2008).

const COLOURS: [light: string, dark: string][] = [
  ['#6b7280', '#9aa3b2'],
  ['#0072b2', '#56b4e9'],
  ['#d55e00', '#ff8a3d'],
  ['#009e73', '#2ecc9b'],
  ['#a8467e', '#e08bbd'],
  ['#9a7d00', '#e6c229'],
]

/** So many arms have a colour of their own. */
export const PALETTE = COLOURS.length

export const STYLE = `
:root { color-scheme: light dark; --paper: #f6f5f1; --card: #fff; --ink: #1c2321; --soft: #5a6461; --line: #dfddd5; --good: #0b6b4f; --goodpaper: #e2f3ec; --warn: #8a3b00; --warnpaper: #fdeee0; ${COLOURS.map(([light], i) => `--c${i}: ${light};`).join(' ')} }
@media (prefers-color-scheme: dark) { :root { --paper: #121615; --card: #1b211f; --ink: #e9ece9; --soft: #a3ada9; --line: #313a37; --good: #7fe0bd; --goodpaper: #12352b; --warn: #ffb27a; --warnpaper: #3a2412; ${COLOURS.map(([, dark], i) => `--c${i}: ${dark};`).join(' ')} } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; font-variant-numeric: tabular-nums; }
main { max-width: 64rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
h1 { font-size: clamp(1.5rem, 5vw, 2.2rem); line-height: 1.15; margin: .5rem 0; text-wrap: balance; }
h2 { font-size: 1.25rem; margin: 0; overflow-wrap: anywhere; }
h3 { font-size: .95rem; margin: 1.4rem 0 .3rem; }
p { margin: .4rem 0; }
a { color: inherit; }
.soft, .about, figcaption, dt { color: var(--soft); font-size: .875rem; }
section { background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: 1.1rem 1.1rem 1.2rem; margin: 1.1rem 0; }
.advice { margin: .8rem 0 .4rem; padding: .7rem .9rem; border-radius: 10px; background: var(--paper); font-weight: 600; border-inline-start: 4px solid var(--soft); }
.advice.good { background: var(--goodpaper); color: var(--good); border-color: var(--good); }
.advice.warn, .warn { background: var(--warnpaper); color: var(--warn); border-color: var(--warn); }
.warn { border-radius: 8px; padding: .5rem .7rem; }
.arms { list-style: none; margin: 0; padding: 0; }
.arms li { display: grid; grid-template-columns: minmax(8rem, 1fr) minmax(7rem, 1fr) minmax(20rem, 4.4fr); gap: .3rem 1.2rem; align-items: center; padding: .8rem 0; border-top: 1px solid var(--line); }
.arms li:first-child { border-top: 0; }
.name { display: flex; gap: .5rem; align-items: center; font-weight: 600; overflow-wrap: anywhere; }
.name i { flex: none; width: .85rem; height: .85rem; border-radius: 3px; background: currentColor; }
.lead { font-size: .75rem; font-weight: 600; color: var(--good); }
.arms dl { display: flex; flex-wrap: wrap; gap: .35rem 1rem; margin: 0; font-size: .95rem; }
.arms dl div { min-width: 4rem; }
dd { margin: 0; }
dd small { color: var(--soft); font-size: .78rem; white-space: nowrap; display: block; }
.lifted { font-weight: 600; }
.lifted small { display: block; font-weight: 400; color: var(--soft); white-space: nowrap; }
.range { display: block; width: 100%; height: 1.6rem; overflow: visible; }
.share, .looks { display: block; width: 100%; height: 8.5rem; border-radius: 6px; overflow: hidden; }
.range .band { stroke: currentColor; stroke-width: 5; stroke-linecap: round; opacity: .45; }
.zero { stroke: var(--soft); stroke-width: 1; stroke-dasharray: 4 3; vector-effect: non-scaling-stroke; }
.looks polyline { fill: none; stroke: currentColor; stroke-width: 2; vector-effect: non-scaling-stroke; }
.looks .area { opacity: .22; }
svg [class^="c"]:not(.band, polyline) { fill: currentColor; }
${COLOURS.map((_, i) => `.c${i} { color: var(--c${i}); }`).join(' ')}
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 18rem), 1fr)); gap: 1rem 2rem; margin-top: 1rem; }
figure { margin: 0; min-width: 0; }
figcaption { margin-bottom: .4rem; }
.ends { display: flex; justify-content: space-between; color: var(--soft); font-size: .8rem; }
.frame { display: grid; grid-template-columns: 1fr auto; gap: 0 .5rem; }
.frame .scale { display: flex; flex-direction: column; justify-content: space-between; color: var(--soft); font-size: .8rem; text-align: end; }
.notes { margin: 1rem 0 0; padding: .7rem 0 0; border-top: 1px solid var(--line); list-style: none; }
.notes li { color: var(--soft); font-size: .9rem; margin: .25rem 0; overflow-wrap: anywhere; }
details { margin: 1rem 0; }
summary { cursor: pointer; color: var(--soft); }
.stratum { margin: .9rem 0 0; border-top: 1px solid var(--line); padding-top: .8rem; }
.stratum summary { color: inherit; font-weight: 600; }
.stratum summary span { color: var(--soft); font-weight: 400; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { text-align: start; padding: .35rem .6rem .35rem 0; border-bottom: 1px solid var(--line); }
td:last-child, th:last-child { text-align: end; padding-inline-end: 0; }
footer { color: var(--soft); font-size: .875rem; }
@media (max-width: 44rem) { .arms li { grid-template-columns: 1fr; gap: .35rem; } .arms .range { grid-row: 2; } section { padding: 1rem .9rem; } }
@media print { body { background: none; } section { break-inside: avoid; } details > * { display: block; } }
`

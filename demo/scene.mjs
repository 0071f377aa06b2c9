// Draws a landscape as SVG, another one for each seed: the demo loads no picture from anywhere.

/** Mulberry32: the same seed always draws the same hills. */
export const random = (seed) => () => {
  seed = (seed + 0x6d2b79f5) | 0
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296
}

const WIDTH = 800
const HEIGHT = 420

function ridge(next, base, rise) {
  const points = []
  let y = base
  for (let x = 0; x <= WIDTH; x += 40) {
    y += (next() - 0.5) * rise
    y += (base - y) * 0.15
    points.push(`${x},${Math.round(y)}`)
  }
  return `0,${HEIGHT} ${points.join(' ')} ${WIDTH},${HEIGHT}`
}

const tent = (x, y) =>
  `<path class="s-mark" d="M${x} ${y} l52 -78 l52 78 z"/><path class="s-door" d="M${x + 38} ${y} l14 -42 l14 42 z"/>`

const trail = `<path class="s-trail" d="M420 420 C 380 380 470 352 430 322 S 372 292 404 268 S 430 246 418 232"/>`

const sun = (next) => `<circle class="s-sun" cx="${120 + Math.round(next() * 520)}" cy="${112 + Math.round(next() * 40)}" r="${34 + Math.round(next() * 16)}"/>`

/** `kind` is `boots`, `camping` or anything else; colours come from the style sheet, so that they follow light and dark. */
export function scene(kind, seed) {
  const next = random(seed)
  const mark = kind === 'camping' ? tent(470, 366) : kind === 'boots' ? trail : ''
  return `<svg class="scene scene-${kind}" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="xMidYMid slice" aria-hidden="true" focusable="false"><rect class="s-sky" width="${WIDTH}" height="${HEIGHT}"/>${sun(next)}<polygon class="s-far" points="${ridge(next, 210, 90)}"/><polygon class="s-mid" points="${ridge(next, 275, 70)}"/><polygon class="s-near" points="${ridge(next, 345, 40)}"/>${mark}</svg>`
}

// The special functions that statistics need, each from a named source, exact to about twelve digits.

const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
]

/** What Stirling's formula lacks, for x of 10 and more: Abramowitz and Stegun, 6.1.41. */
const stirling = (x: number): number => {
  const y = 1 / (x * x)
  return (1 / 12 - y * (1 / 360 - y * (1 / 1260 - y * (1 / 1680 - y / 1188)))) / x
}

const HALF_LN_2PI = 0.5 * Math.log(2 * Math.PI)

/** ln of the gamma function, for x > 0. Lanczos (1964) with g = 7, and Stirling's series from 10 on. */
export function lnGamma(x: number): number {
  if (x >= 10) return (x - 0.5) * Math.log(x) - x + HALF_LN_2PI + stirling(x)
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - lnGamma(1 - x)
  const [first, ...rest] = LANCZOS as [number, ...number[]]
  const sum = rest.reduce((total, c, i) => total + c / (x + i), first)
  const t = x + 6.5
  return HALF_LN_2PI + (x - 0.5) * Math.log(t) - t + Math.log(sum)
}

/** ln of the beta function. For two large numbers the large terms are cancelled by algebra (DiDonato and Morris 1992). */
export function lnBeta(a: number, b: number): number {
  if (a > b) return lnBeta(b, a)
  if (a < 10) return b < 10 ? lnGamma(a) + lnGamma(b) - lnGamma(a + b) : lnGamma(a) + gammaRatio(a, b)
  return -0.5 * Math.log(b) + HALF_LN_2PI + stirling(a) + stirling(b) - stirling(a + b) - (a - 0.5) * Math.log1p(b / a) - b * Math.log1p(a / b)
}

/** ln of gamma(b) / gamma(a + b) for a large b. */
const gammaRatio = (a: number, b: number): number => -(b - 0.5) * Math.log1p(a / b) - a * Math.log(a + b) + a + stirling(b) - stirling(a + b)

const TINY = 1e-300
const away = (x: number): number => (Math.abs(x) < TINY ? TINY : x)

/** The continued fraction of the incomplete beta function, by Lentz's method: Numerical Recipes, 6.4. */
function betaFraction(x: number, a: number, b: number): number {
  let c = 1
  let d = 1 / away(1 - ((a + b) * x) / (a + 1))
  let h = d
  for (let m = 1; m < 100_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / away(1 + even * d)
    c = away(1 + even / c)
    h *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / away(1 + odd * d)
    c = away(1 + odd / c)
    const step = d * c
    h *= step
    if (Math.abs(step - 1) < 1e-15) break
  }
  return h
}

/** The share of Beta(a, b) below x: the regularized incomplete beta function. */
export function betaBelow(x: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) - lnBeta(a, b))
  return x < (a + 1) / (a + b + 2) ? (front * betaFraction(x, a, b)) / a : 1 - (front * betaFraction(1 - x, b, a)) / b
}

/** Where a rising function of x between `low` and `high` reaches `wanted`. */
export function bisect(rising: (x: number) => number, wanted: number, low: number, high: number): number {
  let [from, to] = [low, high]
  for (let i = 0; i < 200 && to - from > 1e-15 * Math.max(Math.abs(from), Math.abs(to)); i++) {
    const middle = (from + to) / 2
    if (rising(middle) < wanted) from = middle
    else to = middle
  }
  return (from + to) / 2
}

/** The x below which lies the share `p` of Beta(a, b). */
export const betaQuantile = (p: number, a: number, b: number): number => (p <= 0 ? 0 : p >= 1 ? 1 : bisect((x) => betaBelow(x, a, b), p, 0, 1))

/** The share of Gamma(a, 1) above x: series below a + 1, continued fraction above it (Numerical Recipes, 6.2). */
export function gammaAbove(a: number, x: number): number {
  if (x <= 0) return 1
  const front = Math.exp(a * Math.log(x) - x - lnGamma(a))
  if (x < a + 1) {
    let term = 1 / a
    let sum = term
    for (let n = 1; term > sum * 1e-16; n++) {
      term *= x / (a + n)
      sum += term
    }
    return 1 - front * sum
  }
  let b = x + 1 - a
  let c = 1 / TINY
  let d = 1 / b
  let h = d
  for (let i = 1; i < 100_000; i++) {
    const an = -i * (i - a)
    b += 2
    d = 1 / away(an * d + b)
    c = away(b + an / c)
    h *= d * c
    if (Math.abs(d * c - 1) < 1e-15) break
  }
  return front * h
}

/** The share of a chi-square distribution above x. */
export const chiSquareAbove = (x: number, degrees: number): number => (degrees <= 0 ? 1 : gammaAbove(degrees / 2, x / 2))

/** The share of the standard normal distribution below z. */
export const normalBelow = (z: number): number => {
  const tail = gammaAbove(0.5, (z * z) / 2) / 2
  return z > 0 ? 1 - tail : tail
}

/** The z below which lies the share `p` of the standard normal distribution. */
export const normalQuantile = (p: number): number => (p < 0.5 ? -normalQuantile(1 - p) : bisect(normalBelow, p, 0, 40))

/** Of a standard normal value farther from 0 than z, on either side. */
export const twoSided = (z: number): number => gammaAbove(0.5, (z * z) / 2)

/** 95 % of a normal distribution lie within so many standard deviations. */
export const Z95 = 1.959963984540054

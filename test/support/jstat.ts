// jstat, which has no types of its own: an independent oracle for what the statistics compute.

// @ts-expect-error it comes without types
import untyped from 'jstat'

interface Distribution {
  pdf(x: number, ...parameters: number[]): number
  cdf(x: number, ...parameters: number[]): number
}

export const jstat = untyped.jStat as { gammaln(x: number): number; betaln(a: number, b: number): number; beta: Distribution; chisquare: Distribution; normal: Distribution }

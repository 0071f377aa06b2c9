// Which page group a path falls in: "/p/*" and "/blog/:post" patterns, the same in Node and the browser.

import { isObject } from './own.js'

/** As people write it: browsers percent-encode what is not ASCII. */
export const readable = (path: string): string => {
  try {
    return decodeURI(path)
  } catch {
    return path
  }
}

const normal = (path: string): string => readable(path).replace(/(?!^)\/+$/, '')

const source = (piece: string): string => piece.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/:\w+/g, '[^/]+?')

/** `*` is any run of characters, `:name` one path segment; a trailing slash makes no difference. */
export function matchesPath(pattern: string, path: string): boolean {
  // Piece by piece between the stars, each as early as it fits: one regular expression with several `.*`
  // would backtrack, and a long hostile address could hold up the page.
  const pieces = normal(pattern).split('*').map(source)
  let rest = normal(path)
  return pieces.every((piece, i) => {
    const match = new RegExp(`${i ? '' : '^'}${piece}${i < pieces.length - 1 ? '' : '$'}`).exec(rest)
    rest = match ? rest.slice(match.index + match[0].length) : ''
    return match
  })
}

/** The first group, in the order of the ruleset, one of whose patterns matches. */
export function pageGroup(pages: unknown, path: string): string | undefined {
  if (!isObject(pages)) return undefined
  return Object.keys(pages).find((group) => ([] as unknown[]).concat(pages[group]).some((pattern) => matchesPath(String(pattern), path)))
}

// Can a regular expression take for ever? Told without running it, and rather refused once too often.

/** Inputs are this long at most; so many ways to read one are too many to try. */
const LONGEST = 512
const MOST = (LONGEST + 1) ** 3

/** False for what is no regular expression, refers back, or could be read in too many ways. */
export function isSafe(pattern: string): boolean {
  try {
    new RegExp(pattern)
  } catch {
    return false
  }
  if (/\\[1-9k]/.test(pattern)) return false
  // Escapes and classes are one character each; how groups look up, or are called, makes no difference.
  const plain = pattern
    .replace(/\\./g, 'a')
    .replace(/\[\^?\]?[^\]]*\]/g, 'a')
    .replace(/\(\?(<?[=!]|:|<\w+>)/g, '(')
  // Of this group and those around it: the ways to read what stands there so far.
  const open = [1]
  let ways = plain[0] === '^' ? 1 : LONGEST
  let last = 1
  for (const [token, least, most] of plain.matchAll(/\{(\d+)(,?\d*)\}|[()|*+?]|[\s\S]/g)) {
    const inner = open[open.length - 1] as number
    if (token === '(') open.push(1)
    else if (token === ')') {
      last = open.pop() as number
      open[open.length - 1] = (open[open.length - 1] as number) * last
    } else if (token === '|') open[open.length - 1] = inner * 2
    else if (/^[*+?{]/.test(token) && (least !== undefined || token.length === 1)) {
      const upTo = /[*+]/.test(token) || most === ',' ? LONGEST : token === '?' ? 1 : Number((most || `,${least}`).slice(1))
      // Repeated, each way to read the group can be followed by each other.
      if (last > 1 && upTo > 1) return false
      const more = token[0] === '{' && !most ? 1 : upTo + 1
      open[open.length - 1] = inner * more
    } else last = 1
    if (token !== ')') last = 1
  }
  ways *= open[0] ?? MOST
  return ways <= MOST
}

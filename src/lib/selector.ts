// Could this be a CSS selector? Where there is no browser that is a look at its letters; a browser knows the rest.

const LONGEST = 200
const PAIRS: { [open: string]: string } = { '(': ')', '[': ']' }

/** Are brackets closed in the order in which they were opened? */
function isBalanced(text: string): boolean {
  const open: string[] = []
  for (const letter of text) {
    if (PAIRS[letter]) open.push(PAIRS[letter])
    else if (')]'.includes(letter) && open.pop() !== letter) return false
  }
  return open.length === 0
}

export function isSelector(value: unknown): boolean {
  if (typeof value !== 'string' || value.length > LONGEST) return false
  // Whatever stands in quotes, or behind a backslash, is only a name.
  const bare = value.replace(/\\./g, 'x').replace(/"[^"]*"|'[^']*'/g, 'x').trim()
  return bare !== '' && isBalanced(bare) && !/["'{}<;@!\\]|::|^[,>+~]|[,>+~#.:]$|[,(]\s*[,)]|^\d/.test(bare)
}

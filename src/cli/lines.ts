// On which line of a JSON text each thing stands, by the paths that the check uses.

export interface Lines {
  /** The line, from 1, of a path, or of the nearest thing around it. */
  of(path: string): number
  /** The keys and indices that lead there; undefined where nothing stands. */
  steps(path: string): (string | number)[] | undefined
  /** Keys that stand twice in one object, where JSON keeps the last without a word. */
  twice: { path: string; line: number }[]
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|\n|[^\s{}[\],:"]+/g

/** `text` has been parsed: it is JSON. */
export function linesOf(text: string): Lines {
  const lines = new Map<string, number>([['', 1]])
  const steps = new Map<string, (string | number)[]>()
  const twice: Lines['twice'] = []
  /** Objects and lists around the token; `at` is the key or index that comes. */
  const open: { path: string; list: boolean; at: string | number; key: boolean; seen: Set<string> }[] = []
  let line = 1

  const here = (): string => {
    const top = open[open.length - 1]
    if (!top) return ''
    return top.list ? `${top.path}[${top.at}]` : top.path ? `${top.path}.${top.at}` : String(top.at)
  }
  for (const [token] of text.matchAll(TOKEN)) {
    const top = open[open.length - 1]
    if (token === '\n') line++
    else if (token === '}' || token === ']') open.pop()
    else if (token === ',') {
      if (top?.list) top.at = Number(top.at) + 1
      else if (top) top.key = true
    } else if (token === ':') {
      if (top) top.key = false
    } else if (top?.key) {
      top.at = JSON.parse(token)
      if (top.seen.has(here())) twice.push({ path: here(), line })
      top.seen.add(here())
      lines.set(here(), line)
      steps.set(here(), open.map(({ at }) => at))
    } else {
      if (top?.list) {
        lines.set(here(), line)
        steps.set(here(), open.map(({ at }) => at))
      }
      if (token === '{' || token === '[') open.push({ path: here(), list: token === '[', at: 0, key: token === '{', seen: new Set() })
    }
  }

  return {
    of: (path) => {
      let known = path
      while (!lines.has(known)) known = known.replace(/(^|\.[^.[]*|\[\d+\])$|^[^.[]+$/, '')
      return lines.get(known) as number
    },
    steps: (path) => steps.get(path),
    twice,
  }
}

// fenced(): what looks like a person's own data is not kept, by whatever name it comes.

import type { Props } from '../types.js'

/** Does a text look personal? `name` is what it goes by. */
export type IsPersonal = (text: string, name?: string) => boolean

/** Characters that are looked at, and kept; of a text with spaces in it, which somebody may have typed, fewer are kept. */
const LONGEST = 500
const LONGEST_FREE = 100

/**
 * A copy of what JSON can hold, without what looks personal: `refused` hears the name of each. Long texts are cut. In a
 * list null stands in its place.
 */
export function fenced(props: Props, isPersonal: IsPersonal, refused: (name: string) => void): Props {
  let name = ''
  return JSON.parse(
    JSON.stringify(props, (key, value) => {
      // The elements of a list go by its name.
      if (!(Number(key) >= 0)) name = key
      const text = typeof value === 'string' || Number.isInteger(value) ? `${value}`.slice(0, 2 * LONGEST) : ''
      if (isPersonal(`${key}\n${text}`, name)) return void refused(name)
      return typeof value === 'string' ? text.slice(0, /\s/.test(text) ? LONGEST_FREE : LONGEST) : value
    }),
  ) as Props
}

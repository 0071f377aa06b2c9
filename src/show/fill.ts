// Fills {{name}} and {{name|fallback}} with what is known of the visitor: into texts and harmless attributes only.

const PLACE = /\{\{\s*([\w.-]+)\s*(?:\|([^{}]*))?\}\}/g
/** Read out or shown, and nothing else. */
const WORDS = /^(alt|title|placeholder|label|aria-(label|description|roledescription|valuetext|placeholder))$/
/** An address of which scheme and host are settled before anything is filled in, up to its fragment. */
const SETTLED = /^(https?:\/\/[^/?#\\{]+)?[/?](?![/\\])[^#\t\n\r]*$/i

/** Code points. */
const LONGEST = 100
// Controls, halves of a letter, what turns the direction of the text around it, and what template engines look for.
const STRIPPED = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069{}]/gu

/** What is known by that name; undefined for nothing, or for a name that the ruleset does not list. */
export type Lookup = (name: string) => unknown

const value = (lookup: Lookup, name: string): string => {
  const known = lookup(name)
  return typeof known === 'string' || typeof known === 'number' ? [...String(known).replace(STRIPPED, '')].slice(0, LONGEST).join('') : ''
}

/** Names that stand in a text. */
export const namesIn = (text: string): string[] => [...text.matchAll(PLACE)].map(([, name]) => name as string)

/** May something be filled in there? */
export const fillable = (name: string, value: string): boolean => WORDS.test(name) || (name === 'href' && SETTLED.test(value) && SETTLED.test(value.replace(PLACE, '')))

/** `.` and `..` would climb in a path. */
const inAddress = (words: string): string => encodeURIComponent(words.replace(/^\.\.?$/, ''))

/** Names that are not listed stay as they are: they may be another engine's. */
export function filler(lookup: Lookup, names: readonly string[]) {
  const put = (said: string, as = (words: string): string => words): string =>
    // What nobody has told, and nothing stands for, is left out, so that a sentence reads on.
    said.replace(PLACE, (place, name: string, fallback = '') => (names.includes(name) ? as(value(lookup, name)) || fallback : place))
  const text = (said: string): string => put(said)
  const attribute = (name: string, said: string): string => (!fillable(name, said) ? said : name === 'href' ? put(said, inAddress) : put(said))
  /** As they were before: pictures that are held are filled in more than once. */
  const written = new WeakMap<Element, [name: string, value: string][]>()
  const attributesOf = (element: Element): [name: string, value: string][] => {
    const known = written.get(element) ?? [...element.attributes].flatMap(({ name, value }): [string, string][] => (value.includes('{{') ? [[name, value]] : []))
    written.set(element, known)
    return known
  }
  return {
    text,
    attribute,
    /** All of a tree that has been built already: a value is never read as HTML. */
    tree: (root: Node): void => {
      const walker = (root.ownerDocument as Document).createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT)
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const element = node as Element
        if (node.nodeType === Node.TEXT_NODE) {
          if (node.nodeValue?.includes('{{') && node.parentElement?.localName !== 'style') node.nodeValue = text(node.nodeValue)
        } else {
          for (const [name, value] of attributesOf(element)) {
            if (name !== 'href' || /^(a|area)$/.test(element.localName)) element.setAttribute(name, attribute(name, value))
          }
        }
      }
    },
  }
}

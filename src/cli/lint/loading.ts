// What of a template loads by itself once it is in the page: the twin, for files, of what show/alike.ts asks a browser.

import { attribute, type Element } from '../site.js'

const has = (element: Element, name: string): boolean => element.attrs.some((one) => one.name === name)

/** Cannot be loaded for everybody beforehand: it waits until measure is granted. Pictures can. */
export function isLoading(element: Element): boolean {
  const { tagName: tag, attrs } = element
  if (['iframe', 'object', 'link', 'style', 'image'].includes(tag)) return true
  if (has(element, 'src') && tag !== 'img' && tag !== 'script') return true
  if (has(element, 'background') || has(element, 'poster') || has(element, 'http-equiv')) return true
  if (tag === 'use') {
    // Its plain one counts before its `xlink:href`.
    const links = attrs.filter(({ name }) => name === 'href')
    return !(links.find(({ prefix }) => !prefix) ?? links[0])?.value.startsWith('#')
  }
  return /url\(|image-set/.test(attribute(element, 'style') ?? '')
}

export const isPicture = ({ tagName }: Element): boolean => tagName === 'img'

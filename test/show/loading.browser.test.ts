import { expect, test } from 'vitest'
import { loadsOf } from '../../src/show/alike.js'
import { LOADS, LOADS_NOT } from './loading.js'

const isLoading = (html: string): boolean => {
  const template = document.createElement('template')
  template.innerHTML = html
  return loadsOf(template.content) !== undefined
}

test.each(LOADS)('%s waits until measure is granted', (html) => expect(isLoading(html)).toBe(true))
test.each(LOADS_NOT)('%s does not wait', (html) => expect(isLoading(html)).toBe(false))

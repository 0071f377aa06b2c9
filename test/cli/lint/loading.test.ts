// @vitest-environment node
import { expect, test } from 'vitest'
import { isLoading } from '../../../src/cli/lint/loading.js'
import { readPage } from '../../../src/cli/site.js'
import { LOADS, LOADS_NOT } from '../../show/loading.js'

const found = (html: string): boolean => !!readPage('x', 'x', `<section data-slot="a"><template data-variant="b">${html}</template></section>`).slots[0]?.templates[0]?.elements.some(isLoading)

test.each(LOADS)('%s waits until measure is granted', (html) => expect(found(html)).toBe(true))
test.each(LOADS_NOT)('%s does not wait', (html) => expect(found(html)).toBe(false))

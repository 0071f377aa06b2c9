// The fence of the script tag's file, which goes by shape alone.

import { expect, test } from 'vitest'
import { fence } from '../../src/quick/fence.js'
import { languages } from '../../src/quick/whole.js'
import type { Ruleset } from '../../src/types.js'
import { ORDINARY } from '../support/ordinary.js'

const ruleset: Ruleset = { version: 1 }
const isPersonal = fence(ruleset)

test.each([
  'anna@example.com', 'write to anna.b+news@mail.example.com.br, please',
  '+55 11 98765-4321', '+5511987654321', '+1 (415) 555-2671', '+49 30 901820', '(11) 98765-4321', '(21)3456-7890', '11 98765-4321', '415-555-2671', '415.555.2671',
  '529.982.247-25', '52998224725', 'CPF 529982247-25', '11.222.333/0001-81', '12.ABC.345/01DE-35', '11222333000181', '12ABC34501DE35',
  '4111111111111111', '4111 1111 1111 1111', '4111-1111-1111-1111', '378282246310005',
  'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln', 'dGhpc2lzYXJhbmRvbXRva2VuMTIzNDU2Nzg5',
  '123e4567-e89b-12d3-a456-426614174000', 'd41d8cd98f00b204e9800998ecf8427e',
])('%s stays outside', (text) => {
  for (const said of [text, `it is ${text}`, `/thanks/${text}`]) expect(isPersonal(said), said).toBe(true)
})

test('an address on the internet stays outside, and a browser’s version passes', () => {
  for (const said of ['189.6.10.200', 'from 189.6.10.200', 'ip=10.0.0.1']) expect(isPersonal(said), said).toBe(true)
  expect(isPersonal('Chrome/120.0.6099.109')).toBe(false)
})

test.each(ORDINARY)('%s passes', (text) => {
  expect(isPersonal(text)).toBe(false)
})

test('numbers of a site’s own pass by their name, and nobody’s address does', () => {
  for (const name of ['item_id', 'sku', 'product_id', 'variant']) {
    expect(isPersonal('52998224725', name)).toBe(false)
    expect(isPersonal('anna@example.com', name)).toBe(true)
  }
})

test('where the whole language is there, its fence stands instead', () => {
  const rich: Ruleset = { version: 1 }
  const whole = (text: string): boolean => text === 'only by the whole one'
  languages.set(rich, { isPersonal: whole } as never)
  expect(fence(rich)).toBe(whole)
})

test('a very long text costs no time', () => {
  const began = performance.now()
  for (const text of ['a', '1', '@', '1.', '+1 ', 'A-', '1-1', '(1) ', '111.']) isPersonal(text.repeat(1000).slice(0, 1000))
  expect(performance.now() - began).toBeLessThan(1000)
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { random } from '../decide/scenario.js'
import { ORDINARY } from '../support/ordinary.js'
import { fenced } from '../../src/lib/fenced.js'
import { isPersonal } from '../../src/lib/pii.js'

// ---------------------------------------------------------------- numbers made by the rules of those who give them out

const remainder = (sum: number): number => (sum % 11 < 2 ? 0 : 11 - (sum % 11))
const withDigits = (body: string, first: number[], second: number[]): string => {
  const sum = (text: string, weights: number[]): number => weights.reduce((total, weight, i) => total + weight * (text.charCodeAt(i) - 48), 0)
  const one = remainder(sum(body, first))
  return `${body}${one}${remainder(sum(`${body}${one}`, second))}`
}
const cpf = (body: string): string => withDigits(body, [10, 9, 8, 7, 6, 5, 4, 3, 2], [11, 10, 9, 8, 7, 6, 5, 4, 3, 2])
const cnpj = (body: string): string => withDigits(body, [5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2], [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2])
const luhn = (body: string): string => {
  let sum = 0
  for (let i = body.length - 1, twice = true; i >= 0; i--, twice = !twice) {
    const value = Number(body[i]) * (twice ? 2 : 1)
    sum += value > 9 ? value - 9 : value
  }
  return `${body}${(10 - (sum % 10)) % 10}`
}
const signs = (length: number, of: string) => fc.array(fc.constantFrom(...of), { minLength: length, maxLength: length }).map((list) => list.join(''))
const digits = (length: number) => signs(length, '0123456789')

const between = (text: string) => fc.tuple(fc.constantFrom('', 'CPF ', 'meu número é ', 'id: '), fc.constantFrom('', ' obrigado', ', please')).map(([before, after]) => before + text + after)
const refused = (value: string): void => {
  expect(isPersonal(value), value).toBe(true)
}

describe('what looks personal is refused, however it is written, alone or inside a text', () => {
  const holds = (texts: fc.Arbitrary<string>, runs = 1000) => fc.assert(fc.property(texts.chain(between), refused), { numRuns: runs })

  test('CPF', () => {
    const numbers = digits(9).filter((body) => !/^(.)\1+$/.test(body)).map(cpf)
    holds(numbers)
    holds(numbers.map((code) => code.replace(/(...)(...)(...)(..)/, '$1.$2.$3-$4')))
    // As a number, too, where it does not begin with 0.
    fc.assert(fc.property(numbers.filter((code) => code[0] !== '0'), (code) => void expect(fenced({ a: Number(code) }, isPersonal, () => {})).toEqual({})))
  })

  test('CNPJ, of digits and since 2026 with letters', () => {
    expect(cnpj('12ABC34501DE')).toBe('12ABC34501DE35')
    expect(cnpj('112223330001')).toBe('11222333000181')
    const numbers = fc.oneof(digits(12), signs(12, '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ')).filter((body) => !/^(.)\1+$/.test(body)).map(cnpj)
    holds(numbers)
    holds(numbers.map((code) => code.replace(/(..)(...)(...)(....)(..)/, '$1.$2.$3/$4-$5')))
  })

  test('payment cards', () => {
    const card = (prefix: string, length: number) => digits(length - 1 - prefix.length).map((rest) => luhn(prefix + rest))
    const of16 = fc.constantFrom('4', '51', '55', '2221', '2720', '3528', '3589', '6011', '65', '5067', '6062', '62').chain((prefix) => card(prefix, 16))
    const others = fc.oneof(card('34', 15), card('37', 15))
    holds(of16)
    holds(fc.oneof(of16.map((code) => code.replace(/(....)(?=.)/g, '$1 ')), of16.map((code) => code.replace(/(....)(?=.)/g, '$1-'))))
    holds(fc.oneof(others, others.map((code) => code.replace(/(....)(......)(.....)/, '$1 $2 $3'))))
    holds(fc.oneof(card('36', 14), card('62', 19)))
  })

  test('e-mail', () => {
    const word = signs(6, 'abcdefghijklmnopqrstuvwxyzABCDEF0123456789._+-').map((text) => `a${text}z`)
    holds(fc.tuple(word, fc.constant('@'), word, fc.constantFrom('com', 'com.br', 'museum')).map(([name, at, host, top]) => `${name}${at}${host}.${top}`))
  })

  test('telephone, international or as people write it in Brazil and the Americas', () => {
    const national = digits(8)
    holds(national.map((rest) => `+55 11 9${rest.slice(0, 4)}-${rest.slice(4)}`))
    holds(national.map((rest) => `+55119${rest}`))
    holds(national.map((rest) => `+1 (415) ${rest.slice(0, 3)}-${rest.slice(3, 7)}`))
    holds(national.map((rest) => `(11) 9${rest.slice(0, 4)}-${rest.slice(4)}`))
    holds(national.map((rest) => `(21)${rest.slice(0, 4)}-${rest.slice(4)}`))
    holds(national.map((rest) => `11 9${rest.slice(0, 4)}-${rest.slice(4)}`))
    holds(national.map((rest) => `415-${rest.slice(0, 3)}-${rest.slice(3, 7)}`))
  })

  test('addresses on the internet', () => {
    const byte = fc.nat(255)
    holds(fc.tuple(byte, byte, byte, byte).map((parts) => parts.join('.')))
    const part = fc.nat(0xffff).map((n) => n.toString(16))
    holds(fc.array(part, { minLength: 7, maxLength: 7 }).map((parts) => `2001:${parts.join(':')}`))
    for (const address of ['2001:db8::1', '2804:14c:1::aa', 'fd00:1234::5']) refused(address)
  })

  test('tokens', () => {
    const hex = (n: number) => signs(n, '0123456789abcdef')
    holds(fc.oneof(hex(32), hex(40), hex(64)))
    holds(fc.uuid())
    refused('eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk')
    // By chance one of thousands looks like words.
    const next = random(7)
    const token = (): string => btoa(String.fromCharCode(...Array.from({ length: 32 }, () => next() * 256)))
    for (const write of [(text: string) => text, (text: string) => text.replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '')]) {
      const missed = Array.from({ length: 3000 }, () => write(token())).filter((text) => !isPersonal(text))
      expect(missed.length).toBeLessThan(10)
    }
  })
})

describe('what a site has of its own passes', () => {
  test.each(ORDINARY)('%s', (value) => {
    expect(isPersonal(value), value).toBe(false)
  })

  test('ten thousand of each ordinary kind: not one is refused', () => {
    const next = random(42)
    const below = (n: number): number => Math.floor(next() * n)
    const pick = (list: readonly string[]): string => list[below(list.length)] as string
    const some = (n: number, of: string): string => Array.from({ length: n }, () => of[below(of.length)]).join('')
    const words = 'tenis corrida masculino feminino preto azul verao 2026 nike adidas sale promo frete gratis shoes boots running trail winter red 42 xl 256gb pro max'.split(' ')
    const kinds: { [kind: string]: () => string } = {
      slug: () => Array.from({ length: 3 + below(6) }, () => pick(words)).join('-'),
      words: () => Array.from({ length: 3 + below(12) }, () => pick(words)).join(' '),
      sku: () => `${some(3, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ')}-${some(4 + below(3), '0123456789')}-${pick(['P', 'M', 'G', '42', 'BLK'])}`,
      'short number': () => some(1 + below(10), '0123456789'),
      price: () => `${below(9999)}${pick(['.', ','])}${some(2, '0123456789')}`,
      date: () => new Date(1.6e12 + below(4e11)).toISOString().slice(0, pick(['10', '19', '24']) as never),
      time: () => String(1.6e12 + below(4e11)),
      version: () => `${below(20)}.${below(40)}.${below(99)}${pick(['', '-rc.1', '-beta'])}`,
      ean: () => `789${some(10, '0123456789')}`,
      path: () => `/${pick(words)}/${pick(words)}-${some(5, '0123456789')}/${pick(words)}.html`,
      'campaign number': () => `1202${some(14, '0123456789')}`,
      code: () => some(4 + below(9), 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'),
    }
    const wrong = Object.entries(kinds).map(([kind, make]) => [kind, Array.from({ length: 10_000 }, make).filter((value) => isPersonal(value))])
    expect(wrong.filter(([, values]) => (values as string[]).length > 0)).toEqual([])
  })

  test('numbers of a site’s own pass by their name, though one in a hundred would be a tax number by chance', () => {
    const code = cpf('529982247')
    expect(fenced({ item_id: code, sku: code, product_id: [code, '1'], variant: code, app_version: '1.2.3.4' }, isPersonal, () => {})).toEqual({ item_id: code, sku: code, product_id: [code, '1'], variant: code, app_version: '1.2.3.4' })
    expect(fenced({ item_id: 'anna@example.com' }, isPersonal, () => {})).toEqual({})
  })
})

describe('the fence', () => {
  test('drops the property and keeps the rest, deep inside and in lists, and names what it has dropped', () => {
    const names: string[] = []
    const props = { plan: 'pro', email: 'anna@example.com', user: { cpf: '529.982.247-25', city: 'Lisboa' }, tags: ['red', 'anna@example.com', 'blue'], n: 3, none: null, ok: true, 'anna@example.com': 1 }
    expect(fenced(props, isPersonal, (name) => names.push(name))).toEqual({ plan: 'pro', user: { city: 'Lisboa' }, tags: ['red', null, 'blue'], n: 3, none: null, ok: true })
    expect(names).toEqual(['email', 'cpf', 'tags', 'anna@example.com'])
    expect(props.tags).toEqual(['red', 'anna@example.com', 'blue'])
  })

  test('free text is cut at 100 characters, an address later', () => {
    const { said, path } = fenced({ said: 'word '.repeat(50), path: '/trail'.repeat(200) }, isPersonal, () => {}) as { said: string; path: string }
    expect([said.length, path.length]).toEqual([100, 500])
    expect(fenced({ said: `${'word '.repeat(30)}anna@example.com` }, isPersonal, () => {})).toEqual({})
  })

  test('a very long text costs no time', () => {
    const began = performance.now()
    for (const text of ['a'.repeat(1e6), '1'.repeat(1e6), '@'.repeat(1e6), '1.'.repeat(5e5), '+1 '.repeat(3e5), 'A-'.repeat(5e5), 'a:'.repeat(5e5)]) isPersonal(text.slice(0, 1024))
    expect(performance.now() - began).toBeLessThan(1000)
  })
})

import { evalCondition } from '@growthbook/growthbook'
import fc from 'fast-check'
import { beforeAll, expect, test, vi } from 'vitest'
import { matches, OPERATOR_NAMES } from '../../src/decide/conditions.js'

// ------------------------------------------------------------- what anybody could write, against the original

const text = fc.oneof(fc.constantFrom('', '0', '1', 'a', 'A', 'b', 'true', 'null', '1.2.3', '1.10.0', 'v1.2.3-rc.1+x', '2', 'a/b', 'hello world'), fc.string())
const scalar = fc.oneof(text, fc.constantFrom(null, true, false, 0, 1, 2, -1, 1.5, 512), fc.integer())
const list = fc.array(scalar, { maxLength: 3 })
const value = fc.oneof(scalar, list, fc.record({ x: scalar, y: list }, { requiredKeys: [], noNullPrototype: true }), fc.array(fc.record({ x: scalar }, { noNullPrototype: true }), { maxLength: 3 }))
const object = fc.record({ x: value, y: value, id: scalar, tags: list, deep: fc.record({ x: value }, { noNullPrototype: true }) }, { requiredKeys: [], noNullPrototype: true })
const path = fc.constantFrom('x', 'y', 'id', 'tags', 'x.x', 'x.y', 'deep.x', 'x.0', 'x.length', 'z')

const groups = {
  vips: ['a', '1', 1, 2],
  list: { type: 'list', attributeKey: 'id', values: ['a', 'b', 1, true] },
  nameless: { type: 'list', values: ['a', 1] },
  broken: { type: 'list', attributeKey: 'id' },
  rule: { type: 'condition', condition: { x: { $gte: 1 } } },
  nested: { type: 'condition', condition: { $savedGroup: { id: 'rule' }, y: { $exists: true } } },
  circle: { type: 'condition', condition: { $or: [{ $savedGroup: { id: 'circle' } }, { id: 'a' }] } },
  later: { type: 'bloom' },
  none: null,
}
const group = fc.constantFrom(...Object.keys(groups), 'nobody')
const pattern = fc.constantFrom('a', '^a', '[ab]+', '^$', 'a/b', '\\d+', 'A', '(', 'null', 'o w')

const { conditions } = fc.letrec<{ conditions: object; condition: unknown; operators: object }>((tie) => ({
  condition: fc.oneof({ depthSize: 'small' }, value, tie('operators')),
  operators: fc.dictionary(fc.constantFrom('$unknown', ...OPERATOR_NAMES), fc.constant(null), { minKeys: 1, maxKeys: 2, noNullPrototype: true }).chain((chosen) =>
    fc.record(
      Object.fromEntries(
        Object.keys(chosen).map((name): [string, fc.Arbitrary<unknown>] => {
          if (/regex/.test(name)) return [name, pattern]
          if (/Group/.test(name)) return [name, group]
          if (/^\$(all|alli)$/.test(name)) return [name, fc.oneof(list, fc.array(tie('operators'), { maxLength: 2 }), scalar)]
          if (/in(i)?$/.test(name)) return [name, fc.oneof({ weight: 4, arbitrary: list }, scalar)]
          if (name === '$elemMatch') return [name, fc.oneof(tie('operators'), tie('conditions'))]
          if (name === '$type') return [name, fc.constantFrom('null', 'array', 'string', 'number', 'boolean', 'object', 'undefined', 'unknown', 'x')]
          if (name === '$not' || name === '$size') return [name, tie('condition')]
          return [name, scalar]
        }),
      ),
      { noNullPrototype: true },
    ),
  ),
  conditions: fc.oneof(
    { depthSize: 'small' },
    fc.dictionary(path, tie('condition'), { maxKeys: 2, noNullPrototype: true }),
    fc.record(
      {
        $or: fc.array(tie('conditions'), { maxLength: 2 }),
        $nor: fc.array(tie('conditions'), { maxLength: 2 }),
        $and: fc.array(tie('conditions'), { maxLength: 2 }),
        $not: tie('conditions'),
        $savedGroup: fc.oneof(fc.record({ id: group, attributeKey: fc.oneof(path, fc.constant(7)) }, { requiredKeys: ['id'], noNullPrototype: true }), scalar),
      },
      { requiredKeys: [], noNullPrototype: true },
    ) as fc.Arbitrary<object>,
  ) as fc.Arbitrary<object>,
}))

beforeAll(() => {
  // GrowthBook says each unknown operator on the console.
  vi.spyOn(console, 'error').mockImplementation(() => {})
})

test('targeting carried over from GrowthBook gives what GrowthBook gives', () => {
  let held = 0
  fc.assert(
    fc.property(conditions, object, (wanted, attributes) => {
      const theirs = evalCondition(attributes, wanted as never, groups as never)
      if (theirs) held++
      expect(matches(wanted, attributes, groups)).toBe(theirs)
    }),
    { numRuns: 20_000 },
  )
  expect(held).toBeGreaterThan(1000)
})

// ------------------------------------------------------------- the three differences

test('a key that only a prototype has matches as a missing one', () => {
  expect(matches({ constructor: null }, {})).toBe(true)
  expect(matches({ toString: { $ne: null } }, {})).toBe(false)
  expect(matches({ id: { $inGroup: 'constructor' } }, { id: 'x' }, {})).toBe(false)
})

test('an unknown operator holds for nobody', () => {
  for (const name of ['$near', '$constructor', '$toString']) expect(matches({ x: { [name]: 1 } }, { x: 1 })).toBe(false)
})

test('a regular expression sees the first 512 characters', () => {
  expect(matches({ x: { $regex: 'b' } }, { x: `${'a'.repeat(511)}b` })).toBe(true)
  expect(matches({ x: { $regex: 'b' } }, { x: `${'a'.repeat(512)}b` })).toBe(false)
})

// ------------------------------------------------------------- hostile values

test.each([
  [{ x: 'a' }, { x: { toString: 1, valueOf: 1 } }],
  [{ x: 1 }, { x: [[{ toString: 7 }]] }],
  [{ x: { $or: 1 } }, { x: 1 }],
  [{ $or: null }, {}],
  [{ $and: 7 }, {}],
])('a value that cannot be compared matches nothing, and throws nothing: %j', (wanted, attributes) => {
  expect(matches(wanted, attributes)).toBe(false)
})

test('a value nested many thousand times costs nothing but its comparison', () => {
  let nested: unknown = 1
  for (let i = 0; i < 50_000; i++) nested = [nested]
  expect(matches({ x: { $eq: 1 } }, { x: nested })).toBe(false)
  expect(matches({ x: [1] }, { x: nested })).toBe(false)
})

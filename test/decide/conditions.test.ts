import { evalCondition } from '@growthbook/growthbook'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { matches, OPERATOR_NAMES } from '../../src/decide/conditions.js'

const scalar = fc.oneof(fc.constantFrom(null, true, false, 0, 1, 2, -1, 1.5, '', '0', '1', 'a', 'b', 'true', 'null'), fc.integer(), fc.string())
const value = fc.oneof(scalar, fc.array(scalar, { maxLength: 3 }), fc.record({ x: scalar, y: scalar }, { requiredKeys: [], noNullPrototype: true }))
const operators = fc.dictionary(fc.constantFrom(...OPERATOR_NAMES), fc.oneof(scalar, fc.array(scalar, { maxLength: 3 })), { minKeys: 1, maxKeys: 2, noNullPrototype: true })
const path = fc.constantFrom('x', 'y', 'x.x', 'x.y', 'x.0', 'z')

test('conditions give what GrowthBook gives', () => {
  const conditions = fc.dictionary(path, fc.oneof(value, operators), { maxKeys: 2, noNullPrototype: true })
  const object = fc.record({ x: value, y: value }, { requiredKeys: [], noNullPrototype: true })
  fc.assert(
    fc.property(conditions, object, (condition, attributes) => {
      expect(matches(condition, attributes)).toBe(evalCondition(attributes, condition as never))
    }),
    { numRuns: 5000 },
  )
})

test('a key that only a prototype has matches as a missing one', () => {
  expect(matches({ constructor: null }, {})).toBe(true)
  expect(matches({ toString: { $ne: null } }, {})).toBe(false)
})

test('an unknown operator holds for nobody', () => {
  expect(matches({ x: { $near: 1 } }, { x: 1 })).toBe(false)
})

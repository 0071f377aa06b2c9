// Work that waits, and is done in its order.

import { expect, test } from 'vitest'
import { gate } from '../../src/lib/gate.js'

test('what came before a gate was opened is done then, in its order; what comes after, at once', async () => {
  const done: number[] = []
  const { pass, open } = gate()
  const first = pass(() => done.push(1))
  const second = pass(async () => done.push(2))
  expect(done).toEqual([])
  open()
  expect(done).toEqual([1, 2])
  const third = pass(() => done.push(3))
  expect(done).toEqual([1, 2, 3])
  open()
  expect(await Promise.all([first, second, third])).toEqual([1, 2, 3])
  expect(done).toEqual([1, 2, 3])
})

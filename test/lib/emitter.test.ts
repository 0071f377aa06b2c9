import { expect, test } from 'vitest'
import { emitter } from '../../src/lib/emitter.js'

interface Stages {
  a: number
  b: string
}

test('a listener hears what is emitted until it is undone', () => {
  const { on, emit } = emitter<Stages>(() => {})
  const heard: number[] = []
  const off = on('a', (value) => heard.push(value))
  emit('a', 1)
  emit('b', 'x')
  off()
  emit('a', 2)
  expect(heard).toEqual([1])
})

test('a late listener gets the last value', () => {
  const { on, emit } = emitter<Stages>(() => {})
  emit('a', 1)
  emit('a', 2)
  const heard: number[] = []
  on('a', (value) => heard.push(value))
  expect(heard).toEqual([2])
})

test('what was emitted last can be forgotten: nobody hears of that, and no late listener of what it was', () => {
  const { on, emit } = emitter<Stages>(() => {})
  const heard: unknown[] = []
  on('a', (value) => heard.push(value))
  emit('a', 1)
  emit('a')
  on('a', (value) => heard.push(['late', value]))
  emit('a', 2)
  expect(heard).toEqual([1, 2, ['late', 2]])
})

test('a listener that throws stops nobody else, and is told of', () => {
  const failed: unknown[] = []
  const { on, emit } = emitter<Stages>((stage, error) => failed.push([stage, (error as Error).message]))
  const heard: number[] = []
  on('a', () => {
    throw new Error('mine')
  })
  on('a', (value) => heard.push(value))
  emit('a', 1)
  expect(heard).toEqual([1])
  expect(failed).toEqual([['a', 'mine']])
})

test('the same function added twice is undone once for each', () => {
  const { on, emit } = emitter<Stages>(() => {})
  const heard: number[] = []
  const listener = (value: number): void => void heard.push(value)
  on('a', listener)()
  on('a', listener)
  emit('a', 1)
  expect(heard).toEqual([1])
})

test('a listener may undo itself, or another, while it is told', () => {
  const { on, emit } = emitter<Stages>(() => {})
  const heard: string[] = []
  const off = on('b', () => {
    heard.push('once')
    off()
  })
  on('b', () => heard.push('always'))
  emit('b', 'x')
  emit('b', 'x')
  expect(heard).toEqual(['once', 'always', 'always'])
})

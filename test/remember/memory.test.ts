import { describe } from 'vitest'
import { memoryStore } from '../../src/remember/memory.js'
import type { Store } from '../../src/types.js'
import { rememberContract } from './remember.contract.js'
import { storeContract } from './store.contract.js'

const opened = new Map<string, Store>()
const open = (name: string): Store => {
  const store = opened.get(name) ?? memoryStore()
  opened.set(name, store)
  return store
}

describe('the memory store', () => storeContract(open))
describe('the log in memory', () => rememberContract(open, false))

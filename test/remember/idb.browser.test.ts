import { describe } from 'vitest'
import { idbStore } from '../../src/remember/idb.js'
import { rememberContract } from './remember.contract.js'
import { storeContract } from './store.contract.js'

describe('the store on the device', () => storeContract(idbStore))
describe('the log on the device', () => rememberContract(idbStore, true))

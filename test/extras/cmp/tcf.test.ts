// The IAB's own code of the framework, as managers build on it, driven as they drive it.

import { CmpApi } from '@iabtcf/cmpapi'
// The package exports it for managers only.
import { CmpApiModel } from '../../../node_modules/@iabtcf/cmpapi/lib/mjs/CmpApiModel.js'
import { GVL, TCModel, TCString, type VendorList } from '@iabtcf/core'
import { expect, test, vi } from 'vitest'
import { tcf } from '../../../src/extras/cmp/tcf.js'
import { consentSourceContract, type Manager, watch } from './contract.js'

type View = { __tcfapi?: (...words: unknown[]) => unknown }
const view = globalThis as View

const PURPOSES = { all: [1, 2, 5, 6, 8], none: [], personalize: [1, 5, 6], measure: [1, 8] }

const LISTS = Object.fromEntries(['purposes', 'specialPurposes', 'features', 'specialFeatures', 'vendors', 'stacks', 'dataCategories'].map((name) => [name, {}])) as Pick<VendorList, 'purposes' | 'specialPurposes' | 'features' | 'specialFeatures' | 'vendors' | 'stacks'>

/** What a manager writes down; vendors are none of our business. */
const encoded = (purposes: number[], more: (model: TCModel) => void = () => {}): string => {
  const model = new TCModel(new GVL({ gvlSpecificationVersion: 3, vendorListVersion: 1, tcfPolicyVersion: 5, lastUpdated: '2026-01-01T00:00:00Z', ...LISTS }))
  model.cmpId = 9
  model.cmpVersion = 1
  model.isServiceSpecific = true
  model.purposeConsents.set(purposes)
  more(model)
  return TCString.encode(model)
}

interface Iab extends Manager {
  api(): CmpApi
}

const open = (): Iab => {
  let api: CmpApi | undefined
  const load = (): void => {
    api = new CmpApi(9, 1, true)
    api.update('', true)
  }
  return {
    source: tcf(),
    load,
    answer: (answer) => void api?.update(encoded(PURPOSES[answer]), false),
    returning: (answer) => {
      api = new CmpApi(9, 1, true)
      api.update(encoded(PURPOSES[answer]), false)
    },
    listeners: () => CmpApiModel.eventQueue?.size ?? 0,
    api: () => api as CmpApi,
    leave: () => {
      CmpApiModel.reset()
      delete view.__tcfapi
    },
  }
}

consentSourceContract('tcf', open)

const inPage = async (play: (iab: Iab, said: () => unknown[]) => void | Promise<void>, source = tcf()): Promise<void> => {
  localStorage.clear()
  const iab = open()
  const watched = watch([source])
  try {
    await play(iab, watched.said)
    expect(watched.trouble).toEqual([])
  } finally {
    watched.stop()
    await iab.leave()
    localStorage.clear()
  }
}
const later = (): Promise<void> => new Promise((done) => setTimeout(done, 70))

test('what the visitor allows the site itself comes before what vendors are allowed', () =>
  inPage(async (iab, said) => {
    await iab.load()
    iab.api().update(encoded([1, 5, 6, 8], (model) => model.publisherConsents.set([1, 8])), false)
    await vi.waitFor(() => expect(said()).toEqual(['denied', 'granted', 'tcf']))
  }))

test('legitimate interest is no consent', () =>
  inPage(async (iab, said) => {
    await iab.load()
    iab.api().update(
      encoded([1], (model) => {
        model.purposeLegitimateInterests.set([5, 6, 8])
        model.publisherLegitimateInterests.set([5, 6, 8])
      }),
      false,
    )
    await vi.waitFor(() => expect(said()).toEqual(['denied', 'denied', 'tcf']))
  }))

test('where the regulation does not apply nobody has answered', () =>
  inPage(async (iab, said) => {
    await iab.load()
    iab.api().update(null, false)
    await later()
    expect(said()).toEqual(['unset', 'unset', 'nobody'])
  }))

test('a manager that does not say whether the regulation applies has said nothing', async () => {
  // The package always says so; others may not.
  view.__tcfapi = (command, _, heard) => command === 'addEventListener' && (heard as (...words: unknown[]) => void)({ eventStatus: 'tcloaded', listenerId: 1, purpose: { consents: { 1: true, 5: true, 6: true, 8: true } } }, true)
  const watched = watch([tcf()])
  expect(watched.said()).toEqual(['unset', 'unset', 'nobody'])
  watched.stop()
  delete view.__tcfapi
})

test('undone while its call still waits in the stub, it takes its listener away as soon as it gets one, and hears nothing', () => {
  const calls: unknown[][] = []
  view.__tcfapi = (...words) => calls.push(words)
  const heard: unknown[] = []
  tcf().subscribe((told) => heard.push(told), () => {})()
  const told = calls[0]?.[2] as (...words: unknown[]) => void
  told({ listenerId: 7, eventStatus: 'useractioncomplete', gdprApplies: true, purpose: { consents: { 1: true } } }, true)
  expect(heard).toEqual([])
  expect(calls.slice(1).map(([command, version, , listener]) => [command, version, listener])).toEqual([['removeEventListener', 2, 7]])
  delete view.__tcfapi
})

test('opened again, the dialog takes nothing back until it is answered anew', () =>
  inPage(async (iab, said) => {
    await iab.returning('all')
    await vi.waitFor(() => expect(said()).toEqual(['granted', 'granted', 'tcf']))
    iab.api().update(encoded(PURPOSES.all), true)
    await later()
    expect(said()).toEqual(['granted', 'granted', 'tcf'])
    iab.api().update(encoded([]), false)
    expect(said()).toEqual(['denied', 'denied', 'tcf'])
  }))

test('asked for new reasons, a visitor has answered no longer', async () => {
  await inPage(async (iab, said) => {
    await iab.returning('all')
    await vi.waitFor(() => expect(said()).toEqual(['granted', 'granted', 'tcf']))
    await iab.leave()
    const next = watch([tcf()])
    expect(next.said()).toEqual(['granted', 'granted', 'tcf'])
    // The next page: what stood there is not enough any more.
    await iab.load()
    await vi.waitFor(() => expect(next.said()).toEqual(['unset', 'unset', 'nobody']))
    next.stop()
  })
})

test('who has other reasons names other purposes, and opens the dialog by the manager’s own call', () => {
  let opened = 0
  const source = tcf({ personalize: [11], measure: [], open: () => opened++ })
  source.open?.()
  expect(opened).toBe(1)
  expect(tcf().open).toBeUndefined()
  return inPage(async (iab, said) => {
    await iab.load()
    iab.api().update(encoded([11]), false)
    await vi.waitFor(() => expect(said()).toEqual(['granted', 'unset', 'tcf']))
  }, source)
})

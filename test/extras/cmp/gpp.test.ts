// The IAB's own code of the platform, as managers build on it, driven as they drive it.

import { CmpApi } from '@iabgpp/cmpapi'
import { expect, test, vi } from 'vitest'
import { gpp, type GppOptions } from '../../../src/extras/cmp/gpp.js'
import { consentSourceContract, type Manager, watch } from './contract.js'

const view = globalThis as { __gpp?: unknown }

const PURPOSES = { all: [1, 2, 5, 6, 8], none: [] as number[], personalize: [1, 5, 6], measure: [1, 8] }
const flags = (purposes: number[]): boolean[] => Array.from({ length: 24 }, (_, i) => purposes.includes(i + 1))

interface Iab extends Manager {
  api(): CmpApi
}

/** As the specification has a manager do it: the signal is not ready while anything may change. */
const open = (options?: GppOptions): Iab => {
  let api: CmpApi | undefined
  const begin = (): CmpApi => {
    // The package itself asks what stood there before.
    vi.spyOn(console, 'log').mockImplementation(() => {})
    api = new CmpApi(9, 1)
    vi.restoreAllMocks()
    api.setApplicableSections([2])
    return api
  }
  const settle = (purposes: number[]): void => {
    if (!api) return
    api.setFieldValue('tcfeuv2', 'PurposeConsents', flags(purposes))
    api.fireSectionChange('tcfeuv2')
    api.setCmpDisplayStatus('hidden' as never)
    api.setSignalStatus('ready' as never)
  }
  return {
    source: gpp(options),
    load: () => begin().setCmpDisplayStatus('visible' as never),
    answer: (answer) => {
      api?.setSignalStatus('not ready' as never)
      api?.setCmpDisplayStatus('visible' as never)
      settle(PURPOSES[answer])
    },
    returning: (answer) => {
      begin()
      settle(PURPOSES[answer])
    },
    listeners: () => (api as unknown as { cmpApiContext: { eventQueue: { size: number } } }).cmpApiContext.eventQueue.size,
    api: () => api as CmpApi,
    leave: () => void delete view.__gpp,
  }
}

consentSourceContract('gpp', open)

const america = async (fields: { [field: string]: unknown }, options?: GppOptions, applicable = [7], section = 'usnat'): Promise<(string | undefined)[]> => {
  localStorage.clear()
  const iab = open(options)
  await iab.load()
  const watched = watch([iab.source])
  for (const [name, value] of Object.entries(fields)) iab.api().setFieldValue(section, name, value)
  iab.api().setApplicableSections(applicable)
  iab.api().setSignalStatus('ready' as never)
  const said = watched.said()
  watched.stop()
  await iab.leave()
  expect(watched.trouble).toEqual([])
  return said
}

test.each(['SaleOptOut', 'SharingOptOut', 'TargetedAdvertisingOptOut'])('in the United States %s is a no to being measured', async (field) => {
  expect(await america({ [field]: 1 })).toEqual(['unset', 'denied', 'gpp'])
  expect(await america({ [field]: 1 }, { notOptedOut: 'granted' })).toEqual(['unset', 'denied', 'gpp'])
})

test('in the United States the signal that the manager has heard is a no to both', async () => {
  expect(await america({ GpcSegmentIncluded: true, Gpc: true, SaleOptOut: 2 }, { notOptedOut: 'granted' })).toEqual(['denied', 'denied', 'gpp'])
})

test('who has not opted out has agreed to nothing, unless the site says that this is enough where it is', async () => {
  expect(await america({ SaleOptOut: 2, TargetedAdvertisingOptOut: 2 })).toEqual(['unset', 'unset', 'nobody'])
  expect(await america({ SaleOptOut: 2, TargetedAdvertisingOptOut: 2 }, { notOptedOut: 'granted' })).toEqual(['granted', 'granted', 'gpp'])
  // That nothing applies is no answer either.
  expect(await america({ SaleOptOut: 0 }, { notOptedOut: 'granted' })).toEqual(['unset', 'unset', 'nobody'])
})

test('a state’s own section counts as the nation’s, and none counts where it does not apply', async () => {
  expect(await america({ SaleOptOut: 1 }, {}, [8], 'usca')).toEqual(['unset', 'denied', 'gpp'])
  expect(await america({ SaleOptOut: 1 }, {}, [-1])).toEqual(['unset', 'unset', 'nobody'])
  expect(await america({ PurposeConsents: flags(PURPOSES.all) }, {}, [7], 'tcfeuv2')).toEqual(['unset', 'unset', 'nobody'])
})

test('where the sections of two places apply any no beats any yes', async () => {
  const iab = open()
  await iab.returning('all')
  const watched = watch([iab.source])
  expect(watched.said()).toEqual(['granted', 'granted', 'gpp'])
  iab.api().setFieldValue('usnat', 'SaleOptOut', 1)
  iab.api().setApplicableSections([2, 7])
  iab.api().setSignalStatus('ready' as never)
  expect(watched.said()).toEqual(['granted', 'denied', 'gpp'])
  watched.stop()
  await iab.leave()
  localStorage.clear()
})

test('what the visitor allows the site itself comes before what vendors are allowed', async () => {
  const iab = open()
  await iab.load()
  const watched = watch([iab.source])
  iab.api().setFieldValue('tcfeuv2', 'PublisherConsents', flags([1, 8]))
  await iab.answer('all')
  expect(watched.said()).toEqual(['denied', 'granted', 'gpp'])
  watched.stop()
  await iab.leave()
  localStorage.clear()
})

/** What is heard of one event, as a manager of another make might send it. */
const heardOf = (pingData: object, options?: GppOptions): unknown[] => {
  const heard: unknown[] = []
  const listeners: ((event: unknown, ok: boolean) => void)[] = []
  view.__gpp = (command: string, listener: (event: unknown, ok: boolean) => void) => command === 'addEventListener' && listeners.push(listener)
  const stop = gpp(options).subscribe((told) => heard.push(told), () => {})
  listeners[0]?.({ listenerId: 1, pingData }, true)
  stop()
  delete view.__gpp
  return heard
}

test('sections that come in parts are read as one', () => {
  expect(heardOf({ signalStatus: 'ready', applicableSections: [7], parsedSections: { usnat: [{ SaleOptOut: 2 }, { Gpc: true }] } })).toEqual([{ personalize: 'denied', measure: 'denied' }])
})

test('a no stands, whatever section comes after it', () => {
  const sections = { usnat: { SaleOptOut: 1 }, usca: { SaleOptOut: 2 } }
  expect(heardOf({ signalStatus: 'ready', applicableSections: [7, 8], parsedSections: sections }, { notOptedOut: 'granted' })).toEqual([{ measure: 'denied', personalize: 'granted' }])
})

test('while the manager is not ready, nothing in its sections is an answer', () => {
  const parsedSections = { tcfeuv2: { PurposeConsents: flags(PURPOSES.all) } }
  expect(heardOf({ signalStatus: 'not ready', cmpDisplayStatus: 'hidden', applicableSections: [2], parsedSections })).toEqual([])
  expect(heardOf({ signalStatus: 'not ready', cmpDisplayStatus: 'visible', applicableSections: [2], parsedSections })).toEqual([{}])
  expect(heardOf({ signalStatus: 'ready', cmpDisplayStatus: 'hidden', applicableSections: [2], parsedSections })).toEqual([{ personalize: 'granted', measure: 'granted' }])
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { NOTHING, told } from '../../src/remember/log.js'
import { memoryStore } from '../../src/remember/memory.js'
import { network, soon, tab } from '../support/page.js'
import type { Props, Ruleset, Telling, Traits } from '../../src/types.js'

const from = (source: string, at: number, traits: Telling['traits']): Telling => ({ traits, from: [source, at] })
const after = (...tellings: Telling[]): Traits => tellings.reduce(told, NOTHING)

test('the last to tell a trait is believed, and it is kept who that was and when', () => {
  expect(after(from('site', 1, { plan: 'free', city: 'Lisboa' }), from('segment', 2, { plan: 'pro' }))).toEqual({
    traits: { plan: 'pro', city: 'Lisboa' },
    origins: { plan: ['segment', 2], city: ['site', 1] },
  })
})

test('null drops one trait; at logout all go but those that the visitor has chosen by hand', () => {
  const known = [from('visitor', 1, { size: 42, theme: 'dark' }), from('segment', 2, { plan: 'pro', theme: 'light' })]
  expect(after(...known, from('site', 3, { size: null })).traits).toEqual({ plan: 'pro', theme: 'light' })
  expect(after(...known, from('site', 3, null))).toEqual({ traits: { size: 42 }, origins: { size: ['visitor', 1] } })
})

test('whatever is told, each trait has an origin and nothing else does', () => {
  const value = fc.constantFrom(null, 1, 'x', false, ['a'])
  const telling = fc.record({ traits: fc.option(fc.dictionary(fc.constantFrom('a', 'b', 'constructor', 'toString'), value)), from: fc.tuple(fc.constantFrom('site', 'visitor', 'crm'), fc.nat()) })
  fc.assert(
    fc.property(fc.array(telling), (tellings) => {
      const { traits, origins } = after(...(tellings as Telling[]))
      expect(Object.keys(origins).sort()).toEqual(Object.keys(traits).sort())
      expect(Object.values(traits)).not.toContain(null)
    }),
  )
})

test('traits that an earlier version kept without their origin are known still', () => {
  expect(told({ traits: { plan: 'pro' } } as never, from('crm', 1, { city: 'Lisboa' })).traits).toEqual({ plan: 'pro', city: 'Lisboa' })
  expect(told({ traits: { plan: 'pro' } } as never, {} as never).traits).toEqual({ plan: 'pro' })
})

// ---------------------------------------------------------------- profiles of customer data platforms, as the documents map them

/** What a profile has under these names, and nothing else of it: most of a profile is nobody's business here. */
const pick = (profile: { [name: string]: unknown }, ...names: string[]) => Object.fromEntries(names.map((name) => [name, profile[name] ?? null])) as { [name: string]: never }

test.each<[string, (profile: never) => readonly [Props, { source: string }], object]>([
  ['Segment', (profile: never) => [pick(profile, 'plan', 'tier'), { source: 'segment' }], { email: 'anna@example.com', plan: 'pro', tier: 2 }],
  ['RudderStack', (profile: never) => [pick(profile, 'plan', 'tier'), { source: 'rudderstack' }], { phone: '+55 11 98765-4321', plan: 'pro', tier: 2 }],
  [
    'Apache Unomi',
    ({ profileProperties, profileSegments }: never) => [{ ...pick(profileProperties, 'plan', 'tier'), segments: profileSegments }, { source: 'unomi' }],
    { profileId: '5cb8f8e5-0e2c-4f3a-9d56-2f5c31a4f0d1', profileProperties: { firstName: 'Anna', plan: 'pro', tier: 2 }, profileSegments: ['leads', 'pro'] },
  ],
])('a profile of %s gives the traits that its site names', async (_, map, profile) => {
  const ruleset = { version: 1, segments: { pro: { trait: { plan: 'pro', tier: { $gte: 2 } } }, lead: { trait: { segments: { $in: ['leads'] } } } } }
  const site = tab(network(), ruleset, { storage: memoryStore() })
  await site.ready
  let origins: unknown
  site.on('profile', (seen) => (origins = seen.origins))
  await site.traits(...map(profile as never))
  await soon(() => expect(site.segments()).toContain('pro'))
  expect(origins).toMatchObject({ plan: [expect.stringMatching(/segment|rudderstack|unomi/), expect.any(Number)] })
  await site.traits(null)
  expect(site.segments()).toEqual([])
  site.stop()
})

test('what looks personal in a profile stays outside, and is named', async () => {
  const site = tab(network(), { version: 1, segments: { pro: { trait: { plan: 'pro' } } } }, { storage: memoryStore() })
  await site.ready
  const said: string[] = []
  const traits: unknown[] = []
  site.on('diagnostic', ({ message }) => said.push(message))
  site.on('profile', (seen) => traits.push(seen.traits))
  await site.traits({ plan: 'pro', email: 'anna@example.com', cpf: '529.982.247-25' })
  await site.track('signup', { email: 'anna@example.com', plan: 'pro' })
  expect(traits.at(-1)).toEqual({ plan: 'pro' })
  expect(said).toEqual(['email', 'cpf', 'email'].map((name) => `"${name}" is not kept: it looks personal`))
  site.stop()
})

test('what the server has put into the page is known before anything is decided; null there is a logout', async () => {
  const ruleset: Ruleset = { version: 1, segments: { pro: { trait: { plan: 'pro' } } }, slots: { hero: { experiences: [{ name: 'pro', when: 'pro', show: 'pro' }], variants: { pro: { text: { h1: 'Hello, pro' } } } } } }
  const storage = memoryStore()
  const opened = async (block: string): Promise<string | null | undefined> => {
    document.body.innerHTML = `<section data-slot="hero"><h1>Hello</h1></section><script type="application/json" data-slotwise-traits>${block}</script>`
    const site = tab(network(), ruleset, { storage })
    site.on('diagnostic', ({ message }) => said.push(message))
    await site.ready
    const shown = document.querySelector('h1')?.textContent
    await site.traits({})
    site.stop()
    return shown
  }
  const said: string[] = []
  expect(await opened('{ "plan": "pro" }')).toBe('Hello, pro')
  expect(await opened('{ "plan": ')).toBe('Hello, pro')
  expect(await opened('[1]')).toBe('Hello, pro')
  expect(said).toHaveLength(2)
  expect(await opened('null')).toBe('Hello')
  expect(await opened('{ "city": "Lisboa" }')).toBe('Hello')
  document.body.replaceChildren()
})

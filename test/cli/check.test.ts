// @vitest-environment node
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { type Finding, findings } from '../../src/cli/check.js'
import { linesOf } from '../../src/cli/lines.js'

const directory = mkdtempSync(join(tmpdir(), 'slotwise-check-'))
afterAll(() => rmSync(directory, { recursive: true }))

const run = (text: string, ...options: string[]) => {
  const file = join(directory, 'slotwise.json')
  writeFileSync(file, text)
  return spawnSync(process.execPath, ['dist/cli.js', 'check', file, ...options], { encoding: 'utf8' })
}

const said = (text: string): string[] => findings(text).map(({ severity, path, line, message }: Finding) => `${line} ${severity} ${path}: ${message}`)

test('each mistake is told with its line, its path and its mend', () => {
  const text = `{
  "version": 1,
  "pages": { "shoes": "/shoes/*" },
  "segments": {
    "a": { "event": "page_view", "wihtin": "7d" },
    "b": { "all": [
      "c",
      { "event": "x", "count": { "$gtee": 3 } }
    ] },
    "c": { "event": "x", "within": "7dd" },
    "d": { "any": [] },
    "e": { "trait": { "name": { "$regex": "(a+)+$" } } },
    "__proto__": { "event": "x" }
  }
}`
  expect(said(text)).toEqual([
    '5 error segments.a.wihtin: unknown key "wihtin"; did you mean "within"?',
    '8 error segments.b.all[1].count.$gtee: unknown operator "$gtee"; did you mean "$gte"?',
    '10 error segments.c.within: expected a duration such as "30m", "7d" or "12w", got "7dd"; or "visit" or "page"',
    '11 error segments.d.any: expected a list with at least one entry, got []',
    '12 error segments.e.trait.name.$regex: "(a+)+$" is no regular expression, or one that could take for ever; avoid repeating what repeats, as in (a+)+, and begin it with ^',
    '13 error segments.__proto__: this name is not allowed; choose another',
  ])
})

test('names that lead nowhere, circles, and keys that stand twice are found', () => {
  expect(said('{ "version": 1,\n "segments": { "shoe-lover": { "event": "x" },\n "a": "shoe-lovr",\n "b": { "not": "c" }, "c": ["b"] } }').join('\n')).toContain('expected a segment')
  expect(said('{ "version": 1, "segments": { "shoe-lover": { "event": "x" },\n "a": "shoe-lovr" } }')).toEqual(['2 error segments.a: no segment "shoe-lovr"; did you mean "shoe-lover"?'])
  expect(said('{ "version": 1, "segments": { "b": { "not": "c" },\n "c": { "segment": "b" } } }')).toEqual(['2 error segments.c.segment: segments go round in a circle: b -> c -> b; break it'])
  expect(said('{ "version": 1, "segments": { "b": { "event": "x" },\n "b": { "event": "y" } } }')).toEqual(['2 error segments.b: stands twice in one object, and only the last is read; remove one'])
})

test('a name that no page and no group has is warned of, with the nearest', () => {
  const text = `{ "version": 1, "pages": { "pricing": "/pricing" }, "groups": { "vips": ["a"] }, "segments": {
    "a": { "event": "page_view", "where": { "page": "pricng" } },
    "b": { "context": { "utm.sorce": "ads" } },
    "c": { "trait": { "id": { "$inGroup": "vip" } } } } }`
  expect(said(text)).toEqual([
    '2 warning segments.a.where.page: no page group "pricng" under "pages"; did you mean "pricing"?',
    '3 warning segments.b.context.utm.sorce: pages tell nothing of that name; did you mean "utm.source"?',
    '4 warning segments.c.trait.id.$inGroup: no group "vip"; did you mean "vips"?',
  ])
})

test('what is not JSON is told with its line', () => {
  expect(said('{\n "version": 1,\n}')[0]).toMatch(/^3 error ruleset: is not JSON/)
  expect(said('')[0]).toMatch(/^1 error ruleset: is not JSON/)
})

test('lines are found for paths with dots, and for what is missing', () => {
  const lines = linesOf('{\n "a.b": [\n 1,\n { "c": 2 }\n ]\n}')
  expect([lines.of('a.b[1].c'), lines.of('a.b[0]'), lines.of('a.b[1].nothing.there'), lines.of('')]).toEqual([4, 3, 4, 1])
})

test('the exit code says whether the ruleset can be used, and --json says it to machines', () => {
  const good = run('{ "version": 1 }')
  expect([good.status, good.stdout.includes('nothing is wrong')]).toEqual([0, true])
  const bad = run('{ "version": "1" }', '--json')
  expect(bad.status).toBe(1)
  expect(JSON.parse(bad.stdout)).toMatchObject({ ok: false, findings: [{ severity: 'error', path: 'version', line: 1 }] })
  const missing = spawnSync(process.execPath, ['dist/cli.js', 'check', join(directory, 'nowhere.json')], { encoding: 'utf8' })
  expect([missing.status, missing.stderr.includes('cannot read')]).toEqual([2, true])
  const help = spawnSync(process.execPath, ['dist/cli.js', 'check', '--help'], { encoding: 'utf8' })
  expect([help.status, help.stdout.includes('$schema')]).toEqual([0, true])
})

test('a site that keeps a profile before the choice is asked for its ground', () => {
  const consent = (rules: object) => said(JSON.stringify({ version: 1, consent: rules }))
  expect(consent({})).toEqual([expect.stringMatching(/^1 warning consent: a profile is kept before/)])
  expect(consent({ before: 'local', controller: 'Example Ltda' }).length).toBe(1)
  expect(consent({ before: 'local', legalGround: 'a contract' })).toEqual([])
  expect(consent({ before: 'memory' })).toEqual([])
  expect(said('{ "version": 1 }')).toEqual([])
})

test('an exclusive group of one, and fatigue that no goal ends, are pointed out', () => {
  const experiences = (...list: object[]) => said(JSON.stringify({ version: 1, goals: { buy: { event: 'buy' } }, slots: { hero: { experiences: list } } }))
  expect(experiences({ name: 'a', show: 'x', exclusive: 'g' })).toEqual(['1 warning slots.hero.experiences[0].exclusive: is the only experience of the group "g", so that everybody is in its slice; name another with the same group, or leave it out'])
  expect(experiences({ name: 'a', show: 'x', exclusive: 'g' }, { name: 'b', show: 'x', exclusive: { group: 'g', weight: 2 } })).toEqual([])
  const fatigue = { after: 3, within: '7d' }
  expect(experiences({ name: 'a', show: 'x', fatigue })).toEqual([expect.stringContaining('give the experience the goal that it is judged by')])
  expect(experiences({ name: 'a', show: 'x', fatigue, goal: 'buy' })).toEqual([])
})

test('the name of an event that is recorded by itself is asked about where it has a slip of the pen', () => {
  const text = `{ "version": 1, "pages": { "pricing": "/pricing" }, "segments": {
    "a": { "event": "form_sumbit" },
    "b": { "all": [{ "event": "scrol" }, { "event": "page_veiw" }, { "event": "rage_clicks" }] },
    "c": { "any": [{ "event": "signup" }, { "event": "scroll" }, { "event": "enroll" }, { "event": "search" }, { "event": "cart_add" }, { "event": "login" }, { "event": "heard" }] },
    "d": { "event": "engaged", "where": { "page": "pricng" } } } }`
  const asked = (name: string, meant: string) => `if the site does not track "${name}" by its own calls, did you mean "${meant}", which is recorded by itself?`
  expect(said(text)).toEqual([
    `2 warning segments.a.event: ${asked('form_sumbit', 'form_submit')}`,
    `3 warning segments.b.all[0].event: ${asked('scrol', 'scroll')}`,
    `3 warning segments.b.all[1].event: ${asked('page_veiw', 'page_view')}`,
    `3 warning segments.b.all[2].event: ${asked('rage_clicks', 'rage_click')}`,
    '5 warning segments.d.where.page: no page group "pricng" under "pages"; did you mean "pricing"?',
  ])
})

test('what a page tells of itself may be asked for, with the parameters that the ruleset lists', () => {
  const context = { 'first.utm.source': 'news', referrer: 'search', click: 'google', landing: 'home', daysSinceLast: { $gte: 7 }, visitor: 'new', hour: { $gte: 18 }, weekday: 'sat', 'params.color': 'red' }
  expect(said(JSON.stringify({ version: 1, sense: { params: ['color'] }, segments: { a: { context } } }))).toEqual([])
  expect(said(JSON.stringify({ version: 1, segments: { a: { context: { 'params.color': 'red', refferer: 'search' } } } })).map((line) => line.replace(/;.*did/, '; did'))).toEqual([
    expect.stringContaining('segments.a.context.params.color: pages tell nothing of that name'),
    '1 warning segments.a.context.refferer: pages tell nothing of that name; did you mean "referrer"?',
  ])
})

test('what is noticed by itself has few words, and each is checked', () => {
  expect(said('{ "version": 1, "sense": {\n "serach": "q",\n "engaged": ["10"],\n "off": ["scrol"],\n "bots": "no" } }')).toEqual([
    '2 error sense.serach: unknown key "serach"; did you mean "search"?',
    '3 error sense.engaged[0]: expected a duration such as "30m", "7d" or "12w", got "10"',
    expect.stringMatching(/^4 error sense\.off\[0\]: expected one of engaged, scroll, .*, got "scrol"$/),
    '5 error sense.bots: expected true or false, got "no"',
  ])
})

test('an interest in health, belief, politics, sexuality or minors is warned of until the ruleset says why', () => {
  const rules = (more: object) => said(JSON.stringify({ version: 1, segments: { a: { all: [{ interest: { category: 'Saúde' }, share: 0.3 }, { interest: { category: 'shoes' }, share: 0.3 }] } }, interests: { category: { halfLife: '7d', weights: { view_item: 1 }, site: { kids: 0.1, shoes: 0.2 }, ...more } } }))
  expect(rules({}).map((line) => line.replace(/ speaks.*/, ''))).toEqual(['1 warning interests.category.site.kids: "kids"', '1 warning segments.a.all[0].interest: "Saúde"'])
  expect(rules({ sensitive: 'a pharmacy, asked for by its visitors' })).toEqual([])
})

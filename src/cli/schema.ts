// The published JSON Schema (draft 2020-12), made from the same data as the check, with a word on every key for editors.

import { container, type Shapes } from '../lib/shape.js'
import { SHAPES } from '../shapes.js'

type Schema = { [key: string]: unknown } | boolean

const DURATION = '^\\d{1,9}[smhdw]$'
const DATE = '^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])(T([01]\\d|2[0-3]):[0-5]\\d(:[0-5]\\d(\\.\\d{1,3})?)?(Z|[+-]\\d\\d:\\d\\d)?)?$'
const NO_OPERATORS = { pattern: '^(?!\\$)' }
const NAMES = { not: { enum: ['__proto__', 'constructor', 'prototype'] } }

const SCALARS: { [type: string]: Schema } = {
  any: true,
  text: { type: 'string', minLength: 1 },
  anyText: { type: 'string' },
  word: { type: ['string', 'number'], minLength: 1 },
  flag: { type: 'boolean' },
  yes: { const: true },
  number: { type: 'number' },
  order: { type: ['number', 'string'] },
  integer: { type: 'integer', minimum: 0 },
  positive: { type: 'integer', minimum: 1 },
  amount: { type: 'number', minimum: 0 },
  factor: { type: 'number', minimum: 1 },
  share: { type: 'number', minimum: 0, maximum: 1 },
  length: { type: 'string', pattern: DURATION },
  date: { type: 'string', pattern: DATE },
  zone: { type: 'string', minLength: 1 },
  selector: { type: 'string', minLength: 1, maxLength: 200 },
  tree: { $ref: '#/$defs/tree' },
  regex: { type: 'string', format: 'regex' },
  // biome-ignore lint/suspicious/noThenProperty: the schema's own word
  literal: { if: { type: 'object' }, then: { propertyNames: NO_OPERATORS } },
}

const NODE = { $ref: '#/$defs/node' }
/** Of what no table of keys can describe: nodes hold nodes. */
const TREE: { [type: string]: Schema } = {
  tree: { type: 'array', minItems: 1, items: NODE },
  node: {
    anyOf: [
      { type: 'string' },
      { type: 'array', minItems: 1, prefixItems: [{ type: 'string' }, { anyOf: [NODE, { type: 'object', additionalProperties: { type: 'string' } }] }], items: NODE },
    ],
  },
}

/** By `type.key`, or by the key alone where it means the same everywhere. */
export const DESCRIPTIONS: { [key: string]: string } = {
  $schema: 'Where this schema lies, for editors.',
  'ruleset.version': 'Rises with every change of the ruleset.',
  holdout: 'Share of visitors, 0 to 1, who always get the page’s own content.',
  epochDays: 'Length in days of one epoch of a split that has a goal; 28 by default.',
  pages: 'Page groups: name to path pattern(s). `*` is any run of characters, `:name` one path segment. The first match wins.',
  segments: 'Named rules: who is meant.',
  groups: 'Saved groups, for $inGroup, $notInGroup and $savedGroup.',
  interests: 'What feeds a decayed affinity. The property of the same name says for what.',
  timeZone: 'For calendar days and dates, such as "America/Sao_Paulo"; by default the visitor’s own.',
  goals: 'Events that count as success.',
  slots: 'Named places in the page, with what is shown in them.',
  retention: 'How long, and how many events at most, the log on the device keeps.',
  sense: 'What is noticed in the page by itself, beyond what the rules say by naming events.',
  consent: 'What is asked of the visitor, by whom, and what holds until there is an answer.',
  sync: 'Where anonymized rows go, once measuring is granted. Without it nothing is ever sent.',
  keep: 'Lets a visitor stay in for so long after the rule has ceased to hold.',
  event: 'The type of the events, such as "page_view", "visit", or what the site tracks.',
  where: 'Conditions on the properties of an event, by dotted path; all of them must hold.',
  same: 'These properties are equal to this page’s own facts: "this product, before".',
  within: 'From when on events count: a duration (an event at ts counts while ts > now - within), "visit", "page", { "from", "to" } dates, { "days": 7 } calendar days, today included, or { "since": { "event": … } }. Without it: ever.',
  count: 'How many; at least one by default. Nothing is 0, so that { "$lt": 3 } also means never.',
  sum: 'The sum of the numbers in one property. Nothing is 0.',
  avg: 'The mean of the numbers in one property. False where there is none.',
  min: 'The least number in one property. False where there is none.',
  max: 'The greatest number in one property. False where there is none.',
  distinct: 'How many different values one property has had; each element of a list is a value.',
  'event.days': 'On how many calendar days.',
  last: 'The newest value of one property.',
  first: 'The oldest value of one property; without `within` the first ever seen.',
  most: 'The most frequent value of one property; of equals the one seen last.',
  ago: 'How long since the newest such event, as in { "$lt": "7d" }. False where there is none.',
  all: 'All of these rules hold.',
  any: 'At least one of these rules holds.',
  not: 'This rule does not hold.',
  trait: 'Conditions on what the site has told about the visitor.',
  context: 'Conditions on this page view and visit: page, path, params, utm, first.utm, referrer, click, landing, visit, visitor, daysSinceFirst, daysSinceLast, device, viewport, language, timeZone, hour, weekday, colorScheme, reducedMotion, saveData, connection.',
  sequence: 'Steps in this order, with any other events between them; each event is one step at most.',
  gap: 'The longest time between two neighbouring steps.',
  without: 'No such event strictly between the first step and the last.',
  'named.segment': 'The name of a segment; a bare text means the same.',
  interest: 'For which value of which interest, as in { "category": "shoes" }.',
  share: 'Its share of all that the visitor is interested in, 0 to 1.',
  lift: 'Its share, as a multiple of the site’s own.',
  score: 'A scorecard: bias plus what each term adds that holds are log-odds.',
  terms: 'Rules, and what each adds.',
  bias: 'The log-odds where no term holds.',
  is: 'The probability, 0 to 1.',
  'term.when': 'The rule.',
  add: 'What it adds to the log-odds where it holds.',
  moreThan: 'The first count is greater than the second.',
  'calendar.days': 'So many calendar days, today included.',
  since: 'Since the newest event of this kind.',
  from: 'This date or date-time, inclusive; local midnight where no zone is given.',
  to: 'This date or date-time, exclusive.',
  $eq: 'Is equal.',
  $ne: 'Is not equal.',
  $gt: 'Is greater.',
  $gte: 'Is greater or equal.',
  $lt: 'Is less.',
  $lte: 'Is less or equal.',
  $in: 'Is one of these, or a list that has one of them.',
  $nin: 'Is none of these.',
  $ini: 'Like $in, whatever the case of letters.',
  $nini: 'Like $nin, whatever the case of letters.',
  $all: 'Is a list that has an element for each of these.',
  $alli: 'Like $all, whatever the case of letters.',
  $exists: 'Is there, or is not.',
  $type: 'Is of this type.',
  $size: 'Is a list of this length.',
  $elemMatch: 'Is a list with an element that fits.',
  $regex: 'Matches this regular expression, which sees the first 512 characters and must not be able to take for ever.',
  $regexi: 'Like $regex, whatever the case of letters.',
  $not: 'Does not fit.',
  $inGroup: 'Is in this group’s list.',
  $notInGroup: 'Is not in this group’s list.',
  $veq: 'Is this version.',
  $vne: 'Is another version.',
  $vgt: 'Is a later version.',
  $vgte: 'Is this version or a later one.',
  $vlt: 'Is an earlier version.',
  $vlte: 'Is this version or an earlier one.',
  $or: 'One of these holds; an empty list holds.',
  $nor: 'None of these holds.',
  $and: 'All of these hold.',
  $savedGroup: 'Is in this saved group.',
  id: 'The name of the group.',
  attributeKey: 'The path whose value is looked for in the list.',
  'listed.type': 'A list of values.',
  'ruled.type': 'A condition.',
  values: 'The values.',
  condition: 'The condition.',
  halfLife: 'After which an event weighs half.',
  'interest.weights': 'What an event of a type weighs.',
  site: 'The share, 0 to 1, that a value has with all visitors of the site: what `lift` compares with.',
  perPage: 'So many events of one type count for a value while the visitor stays on one page, however often it is loaded again.',
  sensitive: 'Why values that speak of health, belief, politics, sexuality or minors may be an interest; without it they are none.',
  'goal.window': 'How long after its trial opened a goal still counts; seven days by default.',
  'goal.value': 'What it is worth, told rounded at random to one of a few amounts so that sums are right.',
  prop: 'The property of the event that holds the number.',
  edges: 'The amounts that can be told besides 0, rising; what is above the last counts as that.',
  rows: 'Rows of the site’s own: something happened, perhaps one of a few listed ways. At most one a day, device and cell.',
  'declared.by': 'Words that a property may say; an event with any other is told by no row.',
  'declared.count': 'True: how often in a day, too, by a row for each of 1, 2, 3, 5 and 9 times that is reached.',
  'declared.page': 'True: on which page group, too.',
  expected: 'How many visitors are expected, from which it follows how many share what a row says.',
  perDay: 'Visitors a day who agree to be measured.',
  'expected.segments': 'The share of them, 0 to 1, that is in a segment.',
  accept: 'Experiences and declared rows of which fewer than 50 visitors a day may share a cell, each with the reason.',
  experiences: 'Tried in order; the first that applies decides the slot.',
  variants: 'Contents that the ruleset ships.',
  select: 'Finds the slot by a CSS selector such as "#hero", on pages whose markup cannot carry data-slot.',
  live: 'Decided again whenever something changes about the visitor; otherwise a decision holds for the page view.',
  name: 'Unique in the ruleset.',
  enabled: 'False: this experience does not exist.',
  'experience.when': 'Who it is for; without it everybody.',
  show: 'The name of a variant.',
  split: 'A sticky random choice among variants.',
  goal: 'The goal that this experience is judged by.',
  'experience.from': 'From this date or date-time on; where no zone is given it is the ruleset’s timeZone’s.',
  'experience.to': 'Until before this date or date-time.',
  'experience.holdout': 'Share of visitors, 0 to 1, who get the page’s own content in its place.',
  cap: 'How often the slot may be reached with this experience in it.',
  times: 'So many times.',
  'cap.within': 'In so long, or in this "visit"; without it ever.',
  cooldown: 'How long it stays away after a click on [data-slotwise-dismiss] in the slot.',
  for: 'After the first dismissal.',
  grow: 'Each further one lasts so many times as long as the one before; 1 by default.',
  'cooldown.max': 'The longest that it grows to; a year by default.',
  fatigue: 'Stays away once it was seen so often without its goal being reached.',
  after: 'Seen so many times: half of it in view for a second.',
  'fatigue.within': 'In so long; a goal in that time makes it fresh again.',
  untilGoal: 'Not for visitors who have ever reached this goal.',
  on: 'What it waits for in each page view.',
  exit: 'The pointer leaves through the top of the screen; on a touch screen, the page is flicked back up.',
  'scroll.scroll': 'By scrolling, this share of the page has come into view, 0 to 1.',
  'engaged.engaged': 'The page was in sight, in focus and in use for so long.',
  idle: 'The page was in sight and nothing was done for so long.',
  'happens.event': 'Such an event has been recorded.',
  exclusive: 'Each experience of a group has its own slice of visitors.',
  'slice.group': 'The name of the group.',
  weight: 'The relative size of its slice; 1 by default.',
  assignBy: 'Visitors are drawn by this trait and not by the device; without the trait it is not for them.',
  learn: 'Marks weights that "slotwise learn" may rewrite.',
  weights: 'Arms and their relative weights; "default" is the page’s own content.',
  by: 'Other weights for members of a segment; the first that holds is taken and names the stratum.',
  past: 'Earlier versions, so that trials which they opened can still be told.',
  'split.version': 'Rises with every change of weights.',
  'past.version': 'The version that had these weights.',
  'stratum.segment': 'The name of a segment.',
  fill: 'What variants may fill in as {{name}} or {{name|fallback}}: "trait.plan", "utm.source" and other context. Cut to 100 characters; only into texts, "title", "alt", "aria-label" and the like, and the path or query of links.',
  text: 'Texts by selector inside the slot; "" is the slot itself.',
  attributes: 'Attributes by selector inside the slot; none that carries script, style, a name, or an address that loads by itself.',
  image: 'Another picture in an <img>, by selector inside the slot.',
  class: 'Class names to add and to remove, by selector inside the slot.',
  hide: 'Selectors inside the slot of what is not to be seen.',
  html: 'In place of all that is in the slot: nodes such as [["h1", "Spring"], ["p", { "class": "lead" }, "Now"]], or HTML, of which slotwise check --compile makes such nodes.',
  redirect: 'A path of this site that the visitor is sent to, once. Stands alone.',
  src: 'The address of the picture.',
  alt: 'What is said to those who do not see it; "" for an ornament.',
  width: 'In CSS pixels, so that nothing shifts.',
  height: 'In CSS pixels, so that nothing shifts.',
  srcset: 'The same picture in other sizes, as in HTML.',
  'classes.add': 'Class names, with spaces between them.',
  remove: 'Class names, with spaces between them.',
  'experience.recommend': 'In place of "show": recommendations, as a variant of the experience’s own name.',
  'variant.recommend': 'Items of a catalogue that fit the visitor; stands alone.',
  items: 'The address of the catalogue, as "slotwise catalogue" writes it.',
  related: 'The address of the related table, as "slotwise related" writes it; {shard} stands for a hash of the page’s path, modulo "shards".',
  'mix.related': 'What the items count that belong to the last ones seen; 0.7 by default.',
  'mix.interests': 'What the visitor’s interests count; 0.3 by default.',
  shards: 'Into how many files the related table is split.',
  availability: 'The address of a list of keys that are sold out.',
  limit: 'How many items; 4 by default.',
  'recommend.event': 'The event that says that an item was viewed; "page_view" by default.',
  'recommend.key': 'The property of that event that names the item; "path" by default.',
  bought: 'The event that says that items were bought, by the same property; "purchase" by default.',
  'recommend.hide': 'What is not recommended; the current page, what was bought and what was dismissed by default.',
  mix: 'What weighs how much: what belongs to the last items seen, and the visitor’s interests.',
  diversity: '0 recommends the best alone, 1 the most different; 0.3 by default.',
  explore: 'How probable it is that the last place goes to an item that nothing speaks for; 0 by default.',
  'recommend.because': 'Texts by language; English and Portuguese are inside.',
  here: 'It belongs to the page at hand, whose title is {{item}}.',
  seen: 'It belongs to {{item}}, seen before.',
  'because.interest': 'The visitor is fond of {{topic}}.',
  popular: 'Many like it, and nothing else speaks for it.',
  'because.new': 'It was drawn by "explore".',
  reorder: 'A selector, inside the slot, of items that are in the page already: they are put into order, and none is added.',
  prefetch: 'Pages that come next with at least this probability are fetched ahead, two at most, once measuring is granted.',
  never: 'Path patterns of pages that do something when they are fetched: never ahead.',
  requests: '"free": variants may send requests that depend on the profile before measuring is granted. Otherwise their pictures are loaded for everybody alike, and redirects wait.',
  events: 'How long events are kept.',
  'retention.count': 'How many events are kept.',
  search: 'The query parameter that holds what a visitor has searched the site for.',
  'sense.engaged': 'Seconds of attention to a page after which "engaged" is recorded; 10, 30, 60 and 120 s by default.',
  params: 'Query parameters that may be kept; all others never are.',
  content: 'A selector of the text whose end says that the page was read; by default its article, else its main.',
  off: 'Events that the site records by its own calls: these are not recorded by themselves.',
  dataLayer: 'True: all events that the ruleset names are taken from the page’s data layer, and not only those of GA4. False: none is.',
  views: 'True: also what a script marks with data-track-view after the page has loaded.',
  bots: 'False: nothing is recorded of automated browsers.',
  before: 'What is kept until the visitor has chosen: "local" on the device, "memory" for this page, "off" nothing.',
  legalGround: 'Why keeping behaviour on the device before a choice is allowed, in the site’s own words.',
  revision: 'Rises when what is asked changes: earlier answers hold no longer.',
  controller: 'Who is responsible, as the banner names them.',
  policy: 'The address of the privacy policy.',
  banner: 'False where the site asks by a banner of its own, and tells by site.consent(); otherwise the script tag brings ours.',
  endpoint: 'The whole address that rows are posted to; relative is allowed.',
  format: 'What a row is written as: OTLP/HTTP JSON by default; each other needs its file under transports/ beside the script.',
  service: 'What the receiver knows the site by, "slotwise" by default: service.name of OTLP, source of a CloudEvent, domain of Plausible, app id of Snowplow, table of ClickHouse.',
  key: 'PostHog: the project’s key. Snowplow: the schema that a row is of, "iglu:com.example/slotwise_row/jsonschema/1-0-0".',
  layout: 'Where the banner stands: "bar" along the bottom of the screen, "box" in its corner, "dialog" over the page, which then waits for an answer or for being closed.',
  texts: 'The banner’s words by language, as <html lang> names it.',
  who: 'Who asks; {controller} is the name that the ruleset gives.',
  title: 'The question.',
  personalize: 'What the first purpose is called.',
  personalizeLine: 'What the first purpose means, in one line.',
  measure: 'What the second purpose is called.',
  measureLine: 'What the second purpose means, in one line.',
  measureNeeds: 'Said beside the second checkbox: it needs the first.',
  nothingSent: 'Said where the ruleset sends nothing.',
  'bannerTexts.signal': 'Said when the browser has already answered, by Global Privacy Control or Do Not Track.',
  'bannerTexts.policy': 'The link to the privacy policy.',
  'bannerTexts.accept': 'The button that accepts all; it begins with a plain word, so that tools which answer banners find it.',
  reject: 'The button that rejects all; it begins with a plain word, so that tools which answer banners find it.',
  manage: 'The button that opens the choice by purpose.',
  save: 'The button that saves what is ticked.',
  close: 'What the cross is called for those who do not see it.',
  saved: 'Said when the choice is saved.',
  failed: 'Said when the choice could not be saved.',
  control: 'The small button that opens the banner again.',
}

/** Every key that a ruleset may hold, as `type.key`. */
export const keysOf = (shapes: Shapes = SHAPES): string[] =>
  Object.entries(shapes).flatMap(([type, shape]) => (typeof shape === 'string' ? [] : Object.keys(shape).filter((key) => /^[$\w]/.test(key)).map((key) => `${type}.${key}`)))

export const describe = (type: string, key: string): string | undefined => DESCRIPTIONS[`${type}.${key}`] ?? DESCRIPTIONS[key]

const typeSchema = (type: string): Schema => {
  if (type[0] === '=') return { enum: type.slice(1).split(',') }
  const [, of, bracket, size] = container(type) ?? []
  if (of && bracket === '[') {
    const most = Number(size)
    return { type: 'array', items: typeSchema(of), ...(size === '*' ? {} : { minItems: size === '2' ? 2 : 1 }), ...(most ? { maxItems: most } : {}) }
  }
  if (of) return { type: 'object', additionalProperties: typeSchema(of), propertyNames: NAMES, ...(size === '1' ? { minProperties: 1, maxProperties: 1 } : {}) }
  return SCALARS[type] ?? { $ref: `#/$defs/${type}` }
}

const objectSchema = (type: string, shape: { [key: string]: string }): Schema => {
  const { '?': several, '^': one, '+': some, '*': rest, ...fields } = shape
  const needs = (key: string): Schema => ({ required: [key] })
  const required = Object.keys(fields).filter((key) => fields[key]?.endsWith('!'))
  const names = Object.keys(fields)
  return {
    type: 'object',
    properties: Object.fromEntries(
      names.map((key) => {
        const schema = typeSchema((fields[key] as string).replace('!', ''))
        return [key, typeof schema === 'object' ? { description: describe(type, key), ...schema } : { description: describe(type, key) }]
      }),
    ),
    ...(rest
      ? { additionalProperties: typeSchema(rest), propertyNames: { allOf: [NAMES, { anyOf: [NO_OPERATORS, { enum: names }] }] } }
      : { additionalProperties: false }),
    ...(required.length > 0 ? { required } : {}),
    ...(some ? { minProperties: 1 } : {}),
    ...(several ? { oneOf: [{ not: { anyOf: several.split(',').map(needs) } }, ...several.split(',').map(needs)] } : {}),
    ...(one ? { oneOf: one.split(',').map(needs) } : {}),
  }
}

const definition = (type: string): Schema => {
  const shape = SHAPES[type] as Shapes[string]
  if (typeof shape !== 'string') return objectSchema(type, shape)
  const [alias, extra] = shape.split('&') as [string, string | undefined]
  // Operators stand alone: an object with no other keys.
  if (type === 'elements') {
    // biome-ignore lint/suspicious/noThenProperty: the schema's own word
    return { if: { type: 'object', minProperties: 1, propertyNames: { pattern: '^\\$' } }, then: typeSchema('operators'), else: typeSchema('conditions') }
  }
  if (!extra) return alias.includes('|') ? { anyOf: alias.split('|').map(typeSchema) } : typeSchema(alias)
  const kinds = String(SHAPES[alias]).split('|')
  return { anyOf: kinds.map((kind) => (typeof SHAPES[kind] === 'object' ? objectSchema(kind, { ...(SHAPES[kind] as { [key: string]: string }), [extra]: 'length' }) : typeSchema(kind))) }
}

export function jsonSchema(): Schema {
  const { ruleset, ...others } = Object.fromEntries(Object.keys(SHAPES).map((type) => [type, definition(type)]))
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Slotwise ruleset',
    description: 'Who sees what: segments, experiences and goals of a site, as Slotwise reads them.',
    ...(ruleset as object),
    $defs: { ...others, ...TREE },
  }
}

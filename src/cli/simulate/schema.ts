// journeysSchema(): the published JSON Schema (draft 2020-12) of journeys and populations, by which they are checked, too.

type Schema = { [key: string]: unknown }

const DURATION = { type: 'string', pattern: '^\\d{1,9}[smhdw]$' }
const INSTANT = { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\d(T\\d\\d:\\d\\d(:\\d\\d(\\.\\d{1,3})?)?(Z|[+-]\\d\\d:\\d\\d)?)?$' }
const TEXT = { type: 'string', minLength: 1 }
const TEXTS = { type: 'array', items: TEXT }
const SHARE = { type: 'number', minimum: 0, maximum: 1 }
const COUNTS = { type: 'object', additionalProperties: { type: 'integer', minimum: 0 } }
const said = (description: string, schema: Schema): Schema => ({ ...schema, description })
const object = (properties: { [key: string]: Schema }, ...required: string[]): Schema => ({ type: 'object', properties, additionalProperties: false, ...(required.length > 0 ? { required } : {}) })
const permission = { enum: ['granted', 'denied'] }
const CONSENT = said('What the visitor allows.', object({ personalize: permission, measure: permission }))
const PROPS = { type: 'object' }

const EXPECT = object({
  segments: said('Segments that hold, among others.', TEXTS),
  notSegments: said('Segments that do not hold.', TEXTS),
  slots: said('By slot: the variant that is shown, or fields of the decision; arm is what a held-out visitor would have seen.', {
    type: 'object',
    additionalProperties: { anyOf: [TEXT, object({ variant: TEXT, experience: { type: ['string', 'null'] }, arm: TEXT, held: { type: 'boolean' }, reason: TEXT, stratum: TEXT, weights: { type: ['integer', 'null'] } })] },
  }),
  goals: said('By goal: how often it was reached so far.', COUNTS),
  rows: said('By metric: how many rows would have been sent so far.', COUNTS),
  context: said('Fields of the context.', PROPS),
})

const TRIGGER = {
  anyOf: [object({ exit: { const: true } }, 'exit'), object({ scroll: SHARE }, 'scroll'), object({ engaged: DURATION }, 'engaged'), object({ idle: DURATION }, 'idle')],
}

const step = (drawn: boolean): Schema =>
  object({
    after: said('How long after the step before.', drawn ? { anyOf: [DURATION, { type: 'array', prefixItems: [DURATION, DURATION], minItems: 2, maxItems: 2 }] } : DURATION),
    ...(drawn ? { chance: said('The share of visitors who do it.', SHARE), times: said('How often; a pair is a range.', { anyOf: [{ type: 'integer', minimum: 0, maximum: 1000 }, { type: 'array', items: { type: 'integer', minimum: 0, maximum: 1000 }, minItems: 2, maxItems: 2 }] }) } : { at: said('When: a date or instant, not before the step before.', INSTANT) }),
    view: said('A page is viewed: its path with its query.', drawn ? { anyOf: [TEXT, { type: 'array', items: TEXT, minItems: 1 }] } : TEXT),
    referrer: said('The address that led there.', TEXT),
    facts: said('What the page is about, for "same".', PROPS),
    context: said('Facts of the device and the hour, from now on.', PROPS),
    slots: said('The slots on the page; all of the ruleset’s by default.', TEXTS),
    reach: said('Slots that are reached and seen; all on the page by default.', TEXTS),
    track: said('Something is done.', TEXT),
    props: said('Properties of what is tracked.', PROPS),
    trigger: said('What the page notices, for experiences that wait for it.', TRIGGER),
    dismiss: said('The visitor closes what this slot shows.', TEXT),
    traits: said('Something the site knows; null at logout.', { type: ['object', 'null'] }),
    consent: CONSENT,
    forget: said('All that is held about the visitor is erased.', { const: true }),
    ...(drawn ? {} : { expect: said('What has to be true then.', EXPECT) }),
  })

const common = (drawn: boolean): { [key: string]: Schema } => ({
  name: said('What happens, as a sentence.', TEXT),
  timeZone: said('The visitor’s own, such as "America/Sao_Paulo".', TEXT),
  context: said('Facts of the device and the hour.', PROPS),
  traits: PROPS,
  consent: CONSENT,
  steps: { type: 'array', items: { $ref: `#/$defs/${drawn ? 'drawn' : 'step'}` } },
})

export const journeysSchema = (): Schema => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Journeys of visitors, or a population to draw, for slotwise simulate',
  anyOf: [{ $ref: '#/$defs/journeys' }, { $ref: '#/$defs/population' }],
  $defs: {
    step: step(false),
    drawn: step(true),
    journeys: object({ $schema: TEXT, journeys: { type: 'array', minItems: 1, items: { $ref: '#/$defs/journey' } } }, 'journeys'),
    journey: object({ ...common(false), visitor: said('Whom splits and the holdout draw.', TEXT), start: said('When it begins.', INSTANT) }, 'name', 'steps'),
    population: object(
      {
        $schema: TEXT,
        visitors: { type: 'integer', minimum: 1, maximum: 1_000_000 },
        seed: said('The same seed draws the same visitors.', { type: 'integer', minimum: 0 }),
        start: said('The first visitors begin then.', INSTANT),
        days: said('Visitors begin over so many days.', { type: 'number', exclusiveMinimum: 0 }),
        kinds: { type: 'array', minItems: 1, items: { $ref: '#/$defs/kind' } },
      },
      'visitors',
      'kinds',
    ),
    kind: object({ ...common(true), share: said('Of all visitors, relative to other kinds.', { type: 'number', minimum: 0 }), measured: said('The share of them who grant measuring.', SHARE) }, 'name', 'steps'),
  },
})

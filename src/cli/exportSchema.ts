// The published JSON Schema (draft 2020-12) of what `export()` gives, so that other programs can read a visitor's file.

type Schema = { [key: string]: unknown }

const TIME = { type: 'number', minimum: 0, description: 'In ms since 1970.' }
const DAY = { type: 'integer', description: 'UTC days since 1970.' }
const PERMISSION = { enum: ['unset', 'granted', 'denied'] }
const DURATION = { type: 'string', pattern: '^\\d{1,9}[smhdw]$' }

const object = (properties: Schema, more: Schema = {}): Schema => ({ type: 'object', properties, required: Object.keys(properties), additionalProperties: false, ...more })

const TRIAL = {
  experience: { type: 'string' },
  arm: { type: 'string' },
  held: { type: 'boolean' },
  weights: { type: 'integer', description: 'The version of the weights that drew the arm; 0 where nothing was drawn.' },
  stratum: { type: 'string' },
  day: DAY,
}
const ID = { type: 'string', pattern: '^[\\w-]{21}$', description: 'Random, used once, and of nobody.' }
const METRIC = { not: { const: 'count' }, type: 'string' }
/** What a trial holds beside what its rows say, later versions included. */
const BESIDE = { additionalProperties: { type: ['string', 'number', 'boolean', 'null', 'array'] } }

/** A row of a trial, or one that the ruleset declares. */
const row = (more: Schema = {}): Schema => ({
  oneOf: [object({ metric: METRIC, ...TRIAL, ...more }, BESIDE), object({ metric: { const: 'count' }, name: { type: 'string' }, values: { type: 'object', additionalProperties: { type: ['string', 'number'] } }, day: DAY, ...more }, BESIDE)],
})

export const exportSchema = (): Schema => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'What Slotwise holds about a visitor on a device',
  ...object({
    schema: { const: 'slotwise-export/1' },
    generatedAt: { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$' },
    consent: object({
      personalize: PERMISSION,
      measure: PERMISSION,
      by: { enum: ['nobody', 'visitor', 'signal'] },
      paused: { type: 'boolean' },
      at: { anyOf: [TIME, { type: 'null' }], description: 'When the answer was given, in ms since 1970; null while there is none.' },
      until: { anyOf: [TIME, { type: 'null' }], description: 'Until when it holds.' },
    }),
    traits: {
      type: 'object',
      description: 'What the site has told of the visitor.',
      additionalProperties: object({ value: true, source: { type: 'string', description: 'Who told it; `visitor` is the visitor’s own hand.' }, at: TIME }),
    },
    segments: { type: 'array', items: { type: 'string' }, description: 'The names of the segments that hold.' },
    events: {
      type: 'array',
      description: 'What the visitor did, in the order of the log.',
      items: object({ type: { type: 'string', minLength: 1 }, at: TIME, props: { type: 'object' } }),
    },
    trials: { type: 'array', description: 'Stays in an experience; each says what its rows may say.', items: object(TRIAL, BESIDE) },
    outbox: { type: 'array', description: 'Rows that wait to be sent.', items: row({ id: ID }) },
    sent: { type: 'array', description: 'The last rows that were sent.', items: row({ sentOn: DAY }) },
    retention: object({ events: DURATION, count: { type: 'integer' }, consent: DURATION, sent: { type: 'integer' } }),
    rulesetHash: { type: 'string', pattern: '^(sha256-[0-9a-f]{64}|print-[0-9a-f]{1,8})$' },
    rulesetVersion: { type: 'integer' },
  }),
})

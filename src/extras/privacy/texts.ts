// What the visitor's page says. Each language is a file of its own; `{…}` is filled in.

export interface Texts {
  /** As `<html lang>` has it. */
  language: string
  title: string
  lead: string
  empty: string
  paused: string
  choice: string
  personalize: string
  measure: string
  granted: string
  denied: string
  unset: string
  signal: string
  /** `{date}` */
  until: string
  allow: string
  refuse: string
  pause: string
  resume: string
  did: string
  /** `{n}`, `{date}` */
  times: string
  forget: string
  told: string
  /** `{source}`, `{date}` */
  from: string
  groups: string
  because: string
  shown: string
  own: string
  everybody: string
  decline: string
  again: string
  declined: string
  rows: string
  nothingSent: string
  /** `{n}` */
  sent: string
  waiting: string
  unlinked: string
  rules: string
  /** `{version}`; the fingerprint of the rules follows. */
  hash: string
  /** `{events}`, `{count}`, `{consent}` */
  kept: string
  days: string
  yours: string
  save: string
  load: string
  receipt: string
  erase: string
  sure: string
  yes: string
  no: string
  done: string
  /** `{events}`, `{traits}` */
  taken: string
  /** `{why}` */
  failed: string
  /** Kinds of events that are recorded on every site; others go by their own names. */
  kinds: { [type: string]: string }
  metrics: { [metric: string]: string }
}

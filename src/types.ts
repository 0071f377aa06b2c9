// The glossary: data that crosses two wings, in flow order, and the ports to the outside. It imports nothing.

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }

/** Properties of an event, or traits: whatever JSON can hold. */
export type Props = { [name: string]: Json }

/** A length of time: an integer and one of `s m h d w`. `"7d"` is 168 hours. */
export type Duration = `${number}${'s' | 'm' | 'h' | 'd' | 'w'}`

// ---------------------------------------------------------------- the ruleset

/** What one value is compared with; all that is named must hold. */
export interface Operators {
  $eq?: Json
  $ne?: Json
  $in?: Json[]
  $nin?: Json[]
  /** `$in`, whatever the case of letters. */
  $ini?: Json[]
  $nini?: Json[]
  /** A list that has an element for each of these. */
  $all?: Condition[]
  $alli?: Condition[]
  $gt?: number | string
  $gte?: number | string
  $lt?: number | string
  $lte?: number | string
  $exists?: boolean
  $type?: 'null' | 'array' | 'string' | 'number' | 'boolean' | 'object' | 'undefined'
  /** How long a list is. */
  $size?: Condition
  /** A list with an element that fits. */
  $elemMatch?: Condition | Conditions
  /** A pattern that cannot take for ever; it sees the first 512 characters. */
  $regex?: string
  $regexi?: string
  $not?: Condition
  /** A list under `groups`. */
  $inGroup?: string
  $notInGroup?: string
  /** Versions such as `1.10.0`. */
  $veq?: string
  $vne?: string
  $vgt?: string
  $vgte?: string
  $vlt?: string
  $vlte?: string
}

/** A condition on one value. A bare value means equality. All operators of one condition must hold. */
export type Condition = Json | Operators

/** Conditions by dotted path; all of them must hold. */
export interface Conditions {
  $or?: Conditions[]
  $nor?: Conditions[]
  $and?: Conditions[]
  $not?: Conditions
  /** A group under `groups`; `attributeKey` names another path than the group's own. */
  $savedGroup?: { id: string; attributeKey?: string }
  [path: string]: Condition | Conditions | Conditions[] | undefined
}

/** A saved group: a list of values, or a condition. */
export type Group = Json[] | { type: 'list'; values: Json[]; attributeKey?: string } | { type: 'condition'; condition: Conditions }

/** A condition on a number that the engine counts. */
export type Measure =
  | number
  | {
      $eq?: number
      $ne?: number
      $gt?: number
      $gte?: number
      $lt?: number
      $lte?: number
      $in?: number[]
      $nin?: number[]
      $not?: Measure
      $exists?: boolean
    }

/** A condition on a length of time. */
export interface Span {
  $gt?: Duration
  $gte?: Duration
  $lt?: Duration
  $lte?: Duration
  $exists?: boolean
}

/** Events of one type, with these properties. */
export interface EventPattern {
  event: string
  where?: Conditions
}

/**
 * From when on events count: a duration (an event at `ts` counts while `ts > now - within`), this visit, this page
 * view, between two dates (`to` is exclusive), so many calendar days, today included, or since the newest event of
 * another kind.
 */
export type Window = Duration | 'visit' | 'page' | { from?: string; to?: string } | { days: number } | { since: EventPattern }

/** What the visitor did, with these properties, inside this window; without one, ever. Asks at most one question. */
export interface EventLeaf extends EventPattern {
  /** These properties are equal to this page's own facts: "this product, before". */
  same?: string[]
  within?: Window
  /** How many; at least one by default. Nothing is 0. */
  count?: Measure
  /** Over all numbers in one property. Nothing is 0. */
  sum?: { [property: string]: Measure }
  avg?: { [property: string]: Measure }
  min?: { [property: string]: Measure }
  max?: { [property: string]: Measure }
  /** How many different values; each element of a list is one. */
  distinct?: { [property: string]: Measure }
  /** On how many calendar days. */
  days?: Measure
  /** The newest value of a property. */
  last?: { [property: string]: Condition }
  /** The oldest; without `within` the first ever seen. */
  first?: { [property: string]: Condition }
  /** The most frequent; of equals the one seen last. */
  most?: { [property: string]: Condition }
  /** How long since the newest. */
  ago?: Span
}

/** Steps in this order, with any other events between them; each event is one step at most. */
export interface SequenceLeaf {
  sequence: EventPattern[]
  /** All steps lie inside. */
  within?: Window
  /** The longest time between two neighbours. */
  gap?: Duration
  /** No such event strictly between the first step and the last. */
  without?: EventPattern | EventPattern[]
}

/** A decayed affinity, of those under `interests`: its share of all, or how many times the site's own share. */
export interface InterestLeaf {
  interest: { [name: string]: string | number }
  share?: Measure
  lift?: Measure
}

/** Who: behaviour, traits and context, combined. A string names a segment. */
export type Rule = string | RuleObject

export type RuleObject =
  | { segment: string }
  | { all: Rule[] }
  | { any: Rule[] }
  | { not: Rule }
  | { trait: Conditions }
  | { context: Conditions }
  | EventLeaf
  | SequenceLeaf
  | InterestLeaf
  /** A scorecard: `bias` plus what each term that holds adds are log-odds; `is` compares the probability. */
  | { score: { bias?: number; terms: { when: Rule; add: number }[] }; is: Measure }
  /** The first count is greater than the second. */
  | { moreThan: [EventLeaf, EventLeaf] }

/** A rule with a name. `keep` lets a visitor stay in for so long after it has ceased to hold. */
export type Segment = string | (RuleObject & { keep?: Duration })

/** What feeds a decayed affinity. The property of the same name says for what. */
export interface Interest {
  /** After which an event weighs half. */
  halfLife: Duration
  /** What an event of a type weighs. */
  weights: { [event: string]: number }
  /** The share, 0 to 1, that a value has with all of the site's visitors: what `lift` compares with. */
  site?: { [value: string]: number }
  /** So many events of one type count for a value while the visitor stays on one page, however often it is loaded again. */
  perPage?: number
  /** Why values that speak of health, belief, politics, sexuality or minors may be an interest; without it they are none. */
  sensitive?: string
}

/** Arms and their relative weights; `default` is the page's own content. */
export type Weights = { [arm: string]: number }

export interface Split {
  /** Rises with every change of weights. */
  version?: number
  weights: Weights
  /** Other weights for members of a segment; the first that holds is taken and names the stratum. */
  by?: { segment: string; weights: Weights }[]
  /** Earlier versions, so that trials which they opened can still be told: keep each for an epoch plus the goal's window. */
  past?: { version: number; weights: Weights; by?: { segment: string; weights: Weights }[] }[]
}

/** So many times the start of the slot may be reached with this experience in it; within this time, in this visit, or ever. */
export interface Cap {
  times: number
  within?: Duration | 'visit'
}

/** How long it stays away after a dismissal: after the n-th, `for` times `grow` to the power n - 1, and `max` at most. */
export interface Cooldown {
  for: Duration
  /** 1 or more; 1 by default. */
  grow?: number
  /** A year by default. */
  max?: Duration
}

/**
 * Stays away once it was seen (half of it in view for a second) `after` times `within` this time, unless its goal was
 * reached in that time, too.
 */
export interface Fatigue {
  after: number
  within: Duration
}

/** What an experience waits for in each page view. */
export type Trigger =
  /** The pointer leaves through the top of the window or, on a touch screen, the page is flicked back up. */
  | { exit: true }
  /** By scrolling, this share of the document has come into view, 0 to 1. */
  | { scroll: number }
  /** The page was in sight, in focus and in use for so long. */
  | { engaged: Duration }
  /** The page was in sight and nothing was done for so long. */
  | { idle: Duration }
  /** Such an event has been recorded. */
  | { event: string }

/** One entry in a slot's ordered list: who (`when`) sees what (`show`, `split` or `recommend`), and how often. */
export interface Experience {
  /** Unique in the ruleset. */
  name: string
  enabled?: boolean
  /** From this date or instant on, and until before that one; dates without a zone are the ruleset's `timeZone`'s. */
  from?: string
  to?: string
  when?: Rule
  show?: string
  split?: Split
  /** In place of `show`: recommendations, as a variant of the experience's own name. */
  recommend?: Recommend
  /** The goal that this experience is judged by. */
  goal?: string
  /** Marks weights that `slotwise learn` may rewrite. */
  learn?: boolean
  /** Share of visitors, 0 to 1, who get the page's own content in its place. */
  holdout?: number
  cap?: Cap
  cooldown?: Cooldown
  fatigue?: Fatigue
  /** Not for visitors who have ever reached this goal. */
  untilGoal?: string
  on?: Trigger
  /** Each experience of a group has its own slice of visitors, all of the same size but for `weight`. */
  exclusive?: string | { group: string; weight?: number }
  /** Visitors are drawn by this trait and not by the device; without the trait it is not for them. */
  assignBy?: string
}

/** What a recommendation may hide: the page at hand, what was viewed before, bought, or turned down. */
export type Hidden = 'current' | 'seen' | 'bought' | 'dismissed'

/** Why an item is recommended, in words; `{{item}}` is the title of the other item, `{{topic}}` what is liked. */
export interface BecauseTexts {
  /** It belongs to the page at hand, with its title as `{{item}}`. */
  here?: string
  /** It belongs to what was seen before. */
  seen?: string
  /** The visitor is fond of what it is about. */
  interest?: string
  popular?: string
  /** Nothing speaks for it: it was drawn by `explore`. */
  new?: string
}

/**
 * Ranks a catalogue for the visitor, on the device. What belongs together stands in tables that `slotwise related` makes.
 * The slot shows it by its `<template data-variant>` with a `<template data-each>` inside, once for each item.
 */
export interface Recommend {
  /** The address of the catalogue, as `slotwise catalogue` writes it. */
  items: string
  /** The address of the related table; `{shard}` stands for a hash of the page's path, modulo `shards`. */
  related?: string
  shards?: number
  /** The address of a list of keys that are sold out. */
  availability?: string
  /** How many items; 4 by default. */
  limit?: number
  /** The event that says that an item was viewed, and its property that names the item: `page_view` and `path` by default. */
  event?: string
  key?: string
  /** The event that says that items were bought; `purchase` by default. */
  bought?: string
  /** By default `current`, `bought` and `dismissed`. */
  hide?: Hidden[]
  /** What weighs how much: 0.7 what belongs to the last items seen, 0.3 the visitor's interests. */
  mix?: { related?: number; interests?: number }
  /** 0 recommends the best alone, 1 the most different; 0.3 by default. */
  diversity?: number
  /** How probable it is that the last place goes to an item that nothing speaks for; 0 by default. */
  explore?: number
  /** Texts by language; English and Portuguese are inside. */
  because?: { [language: string]: BecauseTexts }
  /** A selector, inside the slot, of items that are in the page already: they are put into order, and none is added. */
  reorder?: string
  /** Pages that come next with at least this probability are fetched ahead, two at most, once `measure` is granted. */
  prefetch?: number
  /** Path patterns of pages that do something when they are fetched: never ahead. */
  never?: string[]
}

/** A node of a variant's tree: a text, or an element with its attributes, if it has any, and what is in it. */
export type HtmlNode = string | HtmlTuple
export type HtmlTuple = [tag: string, attributes?: HtmlNode | { [name: string]: string }, ...inside: HtmlNode[]]

/** A picture; its size in CSS pixels is required, so that nothing shifts when it arrives. */
export interface Picture {
  src: string
  alt: string
  width: number
  height: number
  srcset?: string
}

/**
 * One content for a slot: any of these, or `redirect` or `recommend` alone. Selectors are looked up inside the slot; `""` is the slot
 * itself. All of it is shown or nothing, and no variant runs script.
 */
export interface VariantData {
  text?: { [selector: string]: string }
  /** Attributes that carry no script, style, name or address that loads by itself; `href` of links is among them. */
  attributes?: { [selector: string]: { [name: string]: string } }
  /** For `<img>` alone. */
  image?: { [selector: string]: Picture }
  /** Class names, with spaces between them as in the attribute. */
  class?: { [selector: string]: { add?: string; remove?: string } }
  hide?: string[]
  /** In place of all that is in the slot: a list of nodes, or HTML that the browser's own sanitizer takes. */
  html?: string | HtmlNode[]
  /** A path of the same site that the visitor is sent to. */
  redirect?: string
  /** Items of a catalogue that fit the visitor; stands alone, as `redirect` does. */
  recommend?: Recommend
}

/** A developer's own variant: shows itself in the slot's element, and may give back its undo. */
export type VariantFunction = (element: Element, decision: Decision) => void | (() => void)

export interface SlotRules {
  /** Finds the slot by a CSS selector, on pages whose markup cannot carry `data-slot`. At most 200 characters. */
  select?: string
  /** Decided again whenever something changes about the visitor; otherwise a decision holds for the page view. */
  live?: boolean
  experiences?: Experience[]
  variants?: { [name: string]: VariantData }
}

export interface Goal {
  event: string
  where?: Conditions
  /** How long after its trial opened a goal still counts; seven days by default. */
  window?: Duration
  /**
   * What it is worth: a number in the event's property `prop`, 0 or more. It is told as 0 or one of `edges`, which rise,
   * rounded at random so that sums over many visitors are right; what is above the last edge counts as that.
   */
  value?: { prop: string; edges: number[] }
}

/**
 * A row that a ruleset declares for itself, at most once a day, device and cell: something happened, perhaps one of a few
 * ways that are listed here.
 */
export interface RowRules extends EventPattern {
  /** Words that a property may say. An event with any other is told by no row. */
  by?: { [prop: string]: (string | number)[] }
  /** How often in a day, too: a row for each of 1, 2, 3, 5 and 9 times that is reached. */
  count?: boolean
  /** On which page group, too. */
  page?: boolean
}

/** How many visitors a site expects, from which it follows how many share what a row says. */
export interface Expected {
  /** Visitors a day who agree to be measured. */
  perDay: number
  /** The share of them, 0 to 1, that is in a segment; without it the strata of a split are taken to be of one size. */
  segments?: { [name: string]: number }
  /** Experiences and declared rows of which fewer than 50 visitors a day may share a cell, each with the reason. */
  accept?: { [name: string]: string }
}

/** What is asked of the visitor, by whom, and what holds until there is an answer. */
export interface ConsentRules {
  /**
   * What is kept until the visitor has chosen: `local` (the default) on the device, `memory` for this page, `off` nothing.
   * A yes takes what an open page holds in memory along, in order and once; of pages left before it nothing is known.
   */
  before?: 'local' | 'memory' | 'off'
  /** Why keeping behaviour on the device before a choice is allowed, in the site's own words. */
  legalGround?: string
  /** Rises when what is asked changes: earlier answers hold no longer. */
  revision?: number
  /** Who is responsible, as the banner names them. */
  controller?: string
  /** The address of the privacy policy. */
  policy?: string
  /** False where the site asks by a banner of its own, and tells by `site.consent()`; otherwise the script tag brings ours. */
  banner?: boolean
  /**
   * Where the banner stands: `bar` (the default) along the bottom of the window, `box` in its corner, `dialog` over the
   * page, which then waits for an answer or for being closed.
   */
  layout?: 'bar' | 'box' | 'dialog'
  /** The banner's words by language, as `<html lang>` names it (`it`, or `de-AT`): all of them, or some of a language that it has. */
  texts?: { [language: string]: BannerTexts }
  /**
   * `free`: variants may send requests that depend on the profile before `measure` is granted. Otherwise their pictures
   * are loaded for everybody alike, and nobody is redirected by what they did.
   */
  requests?: 'free'
}

/** What the banner says. Its buttons begin with plain words (accept, reject, manage), so that tools which answer banners find them. */
export interface BannerTexts {
  /** Who asks; `{controller}` is the name that the ruleset gives. */
  who?: string
  title?: string
  personalize?: string
  personalizeLine?: string
  measure?: string
  measureLine?: string
  /** Beside the checkbox: nothing can be measured of what is not personalized. */
  measureNeeds?: string
  /** Said where the ruleset sends nothing at all. */
  nothingSent?: string
  /** Said when the browser has already answered by Global Privacy Control or Do Not Track. */
  signal?: string
  policy?: string
  accept?: string
  reject?: string
  manage?: string
  save?: string
  close?: string
  saved?: string
  failed?: string
  /** The small button that opens the banner again. */
  control?: string
}

/** Where anonymized rows go, once `measure` is granted. Without it nothing is ever sent. */
export interface SyncRules {
  /** The whole address that rows are posted to, path included; relative is allowed. */
  endpoint: string
  /** What a row is written as: OTLP/HTTP JSON by default; others are files under `transports/` beside the script. */
  format?: Format
  /**
   * What the receiver knows the site by, `slotwise` by default: `service.name` of OTLP, the source of a CloudEvent, the
   * domain of Plausible, the app id of Snowplow, the table of ClickHouse.
   */
  service?: string
  /** PostHog: the project's key. Snowplow: the schema that a row is of, `iglu:com.example/slotwise_row/jsonschema/1-0-0`. */
  key?: string
}

/** How rows can be written for a receiver. */
export type Format = 'otlp' | 'cloudevents' | 'clickhouse' | 'posthog' | 'plausible' | 'snowplow'

/** Events that are recorded by themselves where a ruleset names them: what a page gives off, and what its data layer tells. */
export type Automatic =
  | 'engaged'
  | 'scroll'
  | 'read'
  | 'rage_click'
  | 'outbound_click'
  | 'file_download'
  | 'search'
  | 'form_start'
  | 'form_submit'
  | 'form_abandon'
  | 'video_start'
  | 'video_complete'
  | 'view_item'
  | 'view_item_list'
  | 'select_item'
  | 'view_promotion'
  | 'select_promotion'
  | 'add_to_wishlist'
  | 'add_to_cart'
  | 'remove_from_cart'
  | 'view_cart'
  | 'begin_checkout'
  | 'add_shipping_info'
  | 'add_payment_info'
  | 'purchase'
  | 'refund'
  | 'view_search_results'
  | 'sign_up'
  | 'login'
  | 'generate_lead'
  | 'share'
  | 'select_content'

/** What is noticed in the page by itself, beyond what the rules say by naming events. */
export interface SenseRules {
  /** The query parameter that holds what a visitor has searched the site for. */
  search?: string
  /** Seconds of attention to a page after which `engaged` is recorded; 10, 30, 60 and 120 s by default. */
  engaged?: Duration[]
  /** Query parameters that may be kept. All others, and whatever else an address holds, never are. */
  params?: string[]
  /** A selector of the text whose end says that the page was `read`; by default its `article`, else its `main`. */
  content?: string
  /** Events that the site records by its own calls: these are not recorded by themselves. */
  off?: Automatic[]
  /** True: also what a script marks with `data-track-view` after the page has loaded. */
  views?: boolean
  /** False: nothing is recorded of automated browsers. */
  bots?: boolean
  /** True: all events that the ruleset names are taken from the page's data layer, and not only those of GA4. False: none is. */
  dataLayer?: boolean
}

/** The one static JSON file, the same for every visitor. */
export interface Ruleset {
  $schema?: string
  version: number
  /** Share of visitors, 0 to 1, who always get the page's own content. */
  holdout?: number
  /** Length in days of one epoch of a split that has a goal; 28 by default. */
  epochDays?: number
  /** Page groups: name to path pattern(s); `*` is any run of characters, `:name` one path segment. First match wins. */
  pages?: { [group: string]: string | string[] }
  segments?: { [name: string]: Segment }
  /** Saved groups, for `$inGroup`, `$notInGroup` and `$savedGroup`. */
  groups?: { [id: string]: Group }
  interests?: { [name: string]: Interest }
  /** For calendar days and dates, such as `America/Sao_Paulo`; by default the visitor's own. */
  timeZone?: string
  goals?: { [name: string]: Goal }
  /** What variants may fill in as `{{name}}` or `{{name|fallback}}`: `trait.plan`, `utm.source`, and other context. */
  fill?: string[]
  /** Rows of the site's own, by name. */
  rows?: { [name: string]: RowRules }
  expected?: Expected
  slots?: { [name: string]: SlotRules }
  /** How long, and how many events at most, the log on the device keeps. */
  retention?: { events?: Duration; count?: number }
  sense?: SenseRules
  consent?: ConsentRules
  sync?: SyncRules
}

// ---------------------------------------------------------------- consent

export type Permission = 'unset' | 'granted' | 'denied'

/** What the visitor allows: `personalize`, to keep a profile on the device; `measure`, to send anonymized rows. */
export interface Consent {
  personalize: Permission
  measure: Permission
  /**
   * Who has said so: nobody yet, the visitor, the browser by a signal (Global Privacy Control, Do Not Track), or the
   * visitor in the dialog of a consent manager: then the name of its source, of several with a space between.
   */
  by: 'nobody' | 'visitor' | 'signal' | (string & {})
  /** True while the visitor has paused all of it: nothing is recorded, sent or shown, and nothing is lost. */
  paused?: boolean | undefined
  /** What the ruleset tells a banner, and whether the visitor is to be asked by ours, and anything could be sent at all. */
  notice: ConsentRules & { asks: boolean; sends: boolean }
}

/** How an answer came about: kept beside it on the device, for a site that has to show it. No identifier. */
export interface Evidence {
  method: 'accept_all' | 'reject_all' | 'custom'
  /** Of what was on screen. */
  language: string
  /** SHA-256 of the words on screen, in base64; missing where the browser has no such function, as on an insecure origin. */
  text?: string | undefined
  /** What asked, and its version. */
  ui: string
}

/** An answer: a purpose that is left out stays as it is. Without evidence it was given by the site's own call. */
export type Choice = { personalize?: 'granted' | 'denied'; measure?: 'granted' | 'denied'; evidence?: Evidence }

/** What a consent manager holds; a purpose that is left out is `unset`. */
export type Told = { personalize?: Permission; measure?: Permission }

/**
 * Another banner than ours, that has the visitor's answer. What it tells is the visitor's own word; while it says
 * nothing, because it comes late or never, what was answered last stands.
 */
export interface ConsentSource {
  /** As `consent().by` names it; no two on a page alike. */
  name: string
  /**
   * `heard` is told what is answered by now, and each time that this changes; all `unset` where the visitor is being
   * asked, and nothing at all while the manager itself does not know yet. `failed` is told what went wrong. Returns
   * the undo, which leaves no listener behind.
   */
  subscribe(heard: (told: Told) => void, failed: (error: unknown) => void): () => void
  /** Opens the manager's own dialog, for a visitor who clicks `[data-slotwise-consent]`. */
  open?(): void
}

// ---------------------------------------------------------------- sense

/** Something that the page gave off. */
export interface Signal {
  type: string
  props?: Props
}

/** Something the visitor did. Stays on the device. `at` is in ms since 1970. */
export interface VisitorEvent {
  id: string
  type: string
  at: number
  props: Props
}

/** How a visit came about. */
export interface Arrival {
  /** The campaign. */
  utm?: { [name: string]: string }
  /** What kind of site led here; `direct` where none did. */
  referrer?: 'search' | 'social' | 'mail' | 'internal' | 'direct' | 'other'
  /** Whose advertisement was clicked, such as `google`: from the presence of a click id, which itself is never kept. */
  click?: string
  /** The page group that the visit began on. */
  landing?: string
}

/** Facts of this page view and visit. */
export interface Context extends Arrival {
  /** The page group that the path falls in. */
  page?: string
  path?: string
  /** Query parameters of this page that the ruleset lists under `sense.params`. */
  params?: { [name: string]: string }
  device?: 'phone' | 'tablet' | 'desktop'
  /** The browser's language, such as `pt-BR`. */
  language?: string
  /** 1 on the first visit. */
  visit?: number
  visitor?: 'new' | 'returning'
  /** How the very first visit came about. */
  first?: Arrival
  /** Whole days of 24 hours since the first event ever. */
  daysSinceFirst?: number
  /** Whole days of 24 hours since the last event of the visit before this one; none on the first visit. */
  daysSinceLast?: number
  /** Less than 600 CSS pixels wide, less than 1024, or more. */
  viewport?: 'narrow' | 'medium' | 'wide'
  /** The visitor's own, such as `America/Sao_Paulo`. */
  timeZone?: string
  /** 0 to 23, by the visitor's clock. */
  hour?: number
  weekday?: 'sun' | 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat'
  colorScheme?: 'dark' | 'light'
  reducedMotion?: boolean
  /** The visitor asks sites to use little data. */
  saveData?: boolean
  /** How fast the connection is, where the browser tells. */
  connection?: 'slow-2g' | '2g' | '3g' | '4g'
}

// ---------------------------------------------------------------- remember

/** Who has told a trait last, and when, in ms since 1970. */
export type Origin = [source: string, at: number]

/** What the site has told: values by name, and where each is from. */
export interface Traits {
  traits: Props
  origins: { [trait: string]: Origin }
}

/** What is told of traits at once: a null value drops one, null all but those that the visitor has chosen by hand. */
export interface Telling {
  traits: Props | null
  from: Origin
}

/** What all events fold to that does not depend on the ruleset, plus traits. Times are in ms since 1970. */
export interface Profile extends Traits {
  /** How many visits, this one included. */
  visits: number
  /** How many events, those included that retention has pruned. */
  events: number
  firstAt: number | null
  lastAt: number | null
  /** The last event of the visit before the current one; null on the first. This and what follows no older log knows. */
  previousAt?: number | null | undefined
  /** The campaign of the current visit. */
  utm: { [name: string]: string }
  /** How the current visit came about, and how the first one did. */
  arrival?: Arrival | undefined
  first?: Arrival | undefined
}

export interface Health {
  /** `memory` while the browser's database is missing, denied, hanging or broken, or where the site chose it. */
  store: 'device' | 'memory'
  reason?: string
}

// ---------------------------------------------------------------- decide

/** Why a slot shows what it shows. */
export type Reason =
  /** Ruleset or past are still being read, or could not be. */
  | 'not-ready'
  /** The visitor does not allow a profile to be kept, or has not been asked where that has to come first. */
  | 'no-consent'
  /** The ruleset has no such slot. */
  | 'unknown-slot'
  /** No experience's `when` holds. */
  | 'no-match'
  /** An experience's `show`. */
  | 'show'
  /** Drawn by an experience's `split`. */
  | 'split'
  /** The split has a goal, and measuring is not granted: the arm with the largest weight. */
  | 'unmeasured'
  /** The visitor is in the holdout. */
  | 'held'
  /** The chosen variant is not on this page, or could not be shown. */
  | 'no-variant'
  /** The slot was held back for the script, and had been shown as it is when the script decided. */
  | 'too-late'
  /** The visitor has dismissed it in this page view. */
  | 'dismissed'
  /** Somebody looks at it ahead of its visitors; nothing is counted. */
  | 'preview'

/** The chosen variant, the experience it came from, its probability, and why. Holds for the page view. */
export interface Decision {
  slot: string
  /** What is shown: a variant's name, or `default`. */
  variant: string
  experience: string | null
  /** What was drawn; differs from `variant` for held-out visitors. */
  arm: string
  /** Of drawing this arm, 0 to 1. */
  probability: number
  held: boolean
  /** The split's version; null where nothing was drawn. */
  weights: number | null
  /** The segment of `split.by` that gave the weights, else `*`. */
  stratum: string
  /** Made while `measure` was granted: only such a decision opens a trial. */
  measured: boolean
  /** Counts periods of `epochDays` since 1970: one trial per experience and epoch. */
  epoch: number
  reason: Reason
  /** The reason as a sentence. */
  because: string
}

/** One condition of an experience, and how it stands. */
export interface Clause {
  /** The word of the ruleset that asks for it: `event`, `all`, `segment`, `cap`, `from`, … */
  asks: string
  held: boolean
  /** The condition in words, short enough to be shown to a visitor. */
  says: string
  wanted?: Json
  /** What there is: a count, a sum, a value, the steps that are done; null where there is none. */
  got?: Json
  /** When the newest event came that counts, in ms since 1970. */
  last?: number
  /** Stays as it is until this instant at the latest, in ms since 1970, if nothing happens. */
  until?: number
  /** What would turn it. */
  change?: string
  /** The events that it counts. */
  event?: string
  /** What it is made of. */
  parts?: Clause[]
}

export interface ExplainedExperience {
  name: string
  /** All of its clauses hold. */
  applies: boolean
  clauses: Clause[]
  /** In words: why it is shown, what keeps it away, or which one comes before it. */
  says: string
}

/** Why a slot shows what it shows, and what would change that. */
export interface Explanation {
  slot: string
  /** Of this page view, for which it holds. */
  decision: Decision
  /** As it would be decided now: what has happened since, its own exposure included, counts already. */
  now: Decision
  /** In order, as things stand now. */
  experiences: ExplainedExperience[]
}

// ---------------------------------------------------------------- show

/** What an element shows, and how it is given back. */
export interface Shown {
  slot: string
  variant: string
  /** The element's children since then. */
  nodes: Node[]
  undo(): void
}

/** What the bootstrap has done before the script came, and hands over to it. */
export interface Early {
  /** Whose hint it was, by the visitor's seed; empty where there was none. */
  of: string
  /** What it has shown, or left as it is, by the hint. */
  decisions: Map<string, Decision>
  /** Slots that were held back until it was too late: they keep the page's own content. */
  late: Set<string>
  shown: Map<Element, Shown>
  /** The script shows what it decides from now on; slots that are still being parsed stay held back until they are. */
  take(): void
  /** Gives the page back as it was, where the script has not taken over. */
  stop(): void
}

/** The start of a slot was reached on screen; `seen` once half of it was in view for a second. */
export interface Exposure {
  slot: string
  decision: Decision
  seen: boolean
}

// ---------------------------------------------------------------- tell

/** One visitor's stay in one experience for one epoch. Kept on the device; all but the times is what its rows say. */
export interface Trial {
  experience: string
  arm: string
  held: boolean
  /** The version of the weights that drew the arm; 0 where nothing was drawn. */
  weights: number
  stratum: string
  /** UTC days since 1970, when it opened. */
  day: number
}

/** What a trial tells. Every value is a word of the ruleset, but for the day, and an id that is used once. */
export interface TrialRow extends Trial {
  /** `value` goes beside `goal`, for a goal that has a value; its `stratum` is always `*`. */
  metric: 'shown' | 'seen' | 'goal' | 'dismiss' | 'value'
  /** 0 or a declared edge; of `value` only. */
  value?: number
  /** Random, for telling a row that arrives twice from two rows. */
  id: string
}

/** A row that the ruleset declares under `rows`. */
export interface CountRow {
  metric: 'count'
  /** The name under `rows`. */
  name: string
  /** The listed words, by property. */
  values: { [prop: string]: string | number }
  /** The page group; left out where the page is in none, or it is not asked for. */
  page?: string
  /** 0 to 4: it has happened 1, 2, 3, 5 or 9 times that day. */
  bucket?: number
  /** UTC days since 1970, when it happened. */
  day: number
  id: string
}

/** One anonymized record. */
export type Row = TrialRow | CountRow

/** How far what may leave has left. */
export interface Sync {
  /** Rows that wait on this device. */
  waiting: number
  /** Rows that the collector has taken, and rows given up, since `measure` was granted. */
  sent: number
  lost: number
  /** The collector does not answer as it should: nothing is sent before this time, in ms since 1970. */
  retryAt: number | null
  /** What was wrong with the last answer; null once a row has been taken again. */
  error: string | null
}

// ---------------------------------------------------------------- what the visitor takes along, and takes back

/** All that is held about a visitor on a device. Its JSON Schema is published as `slotwise-export.schema.json`. */
export interface Exported {
  schema: 'slotwise-export/1'
  /** ISO 8601, in UTC. */
  generatedAt: string
  consent: Pick<Consent, 'personalize' | 'measure' | 'by'> & {
    paused: boolean
    /** When the answer was given, and until when it holds, in ms since 1970; null while there is none. */
    at: number | null
    until: number | null
  }
  /** What the site has told, by whom, and when, in ms since 1970. */
  traits: { [name: string]: { value: Json; source: string; at: number } }
  /** The names of the segments that hold. */
  segments: string[]
  /** In the order of the log; `at` is in ms since 1970. */
  events: Omit<VisitorEvent, 'id'>[]
  trials: { [field: string]: Json }[]
  /** Rows that wait to be sent. */
  outbox: Row[]
  /** The last 200 rows that were sent, and when, in UTC days since 1970. */
  sent: SentRow[]
  /** How long what is kept: the log, the answer to the consent question, and how many events and sent rows at most. */
  retention: { events: Duration; count: number; consent: Duration; sent: number }
  /** SHA-256 of the ruleset as `JSON.stringify` writes it, in hexadecimal behind `sha256-`; a shorter print behind `print-` where the page has no secure context. */
  rulesetHash: string
  /** The ruleset's own `version`. */
  rulesetVersion: number
}

/** A row that was sent, without its id: nothing that stays here is found on the wire again. */
export type SentRow = (Omit<TrialRow, 'id'> | Omit<CountRow, 'id'>) & { sentOn: number }

/** What became of an import. */
export interface Imported {
  ok: boolean
  /** How many of each were new here. */
  events: number
  traits: number
  /** Why nothing was taken over, with the path inside the data. */
  why?: string
}

/** One thing to forget: all events of a type, one trait, or all events that feed an interest, in everything or in one value. */
export type Fact = { event: string } | { trait: string } | { interest: string | { [name: string]: string | number } }

// ---------------------------------------------------------------- the stages that `on` listens to

/** Something was ignored or could not be done; the page goes on. */
export interface Diagnostic {
  /** Stable, for code: `listener-failed`, `ruleset`, `variant`, … */
  code: string
  message: string
  error?: unknown
}

export interface Stages {
  event: VisitorEvent
  profile: Profile
  segments: string[]
  decision: Decision
  exposure: Exposure
  consent: Consent
  row: Row
  sync: Sync
  health: Health
  diagnostic: Diagnostic
}

// ---------------------------------------------------------------- recommendations

/**
 * What the device knows of a visitor that recommendations can use. Values of a property are as JSON, oldest first; scores
 * fade.
 */
export interface Recalled {
  seen?: string[]
  bought?: string[]
  dismissed?: string[]
  /** Of items that were shown and not chosen. */
  shown?: [item: string, score: number][]
  /** `fond NAME`, by interest. */
  [interest: `fond ${string}`]: [value: string, score: number][]
}

/** What recommendations are given: of the public handle what they need, and what only the page's own code has. */
export interface Recommending {
  site: {
    track(type: string, props?: Props): Promise<void>
    decide(slot: string): Decision
    on<K extends keyof Stages>(stage: K, listener: (value: Stages[K]) => void): () => void
  }
  recall(rules: Recommend): Recalled
  context(): Context
  /** May requests depend on the profile? */
  free(): boolean
  fetch: typeof globalThis.fetch
  random(): number
  /** By the allow-list: may an attribute of such an element have this value? */
  allows(element: string, attribute: string, value: string): boolean
  /** Puts nodes into an element, and gives the exact undo. */
  swap(element: Element, nodes: Node[]): () => void
  /** Fills in what the ruleset's `fill` lists. */
  fill(content: DocumentFragment): void
  report(message: string, error: unknown): void
}

// ---------------------------------------------------------------- the ports

/** Array keys, ordered as IndexedDB orders them. */
export type Key = (string | number)[]

/** Inside one transaction. Await nothing else there: a transaction ends when it has nothing left to do. */
export interface Transaction {
  get(key: Key): Promise<unknown>
  /** Rows whose keys begin with `prefix`, in key order; only those after `after`, and no more than `limit`. */
  all(prefix: Key, after?: Key, limit?: number): Promise<[key: Key, value: unknown][]>
  put(key: Key, value: unknown): void
  drop(key: Key): void
  clear(): void
}

/** Where things are kept. Two implementations: on the device (IndexedDB), and in memory. */
export interface Store {
  kind: Health['store']
  /** All or nothing. Rejects, with a named error and within a deadline, when the store cannot do it. */
  transact<T>(mode: 'readonly' | 'readwrite', work: (transaction: Transaction) => Promise<T>): Promise<T>
  /** Is there anything yet? */
  exists?(): Promise<boolean>
  /** The page is being left: aborts whatever is under way, and refuses the rest until `resume`. */
  pause?(): void
  resume?(): void
  close(): void
}

/** One request for one row. */
export interface Posting {
  url: string
  /** The media type of the body. */
  type: string
  body: string
  /** Others than the type; a receiver on another origin is asked for leave first. */
  headers?: { [name: string]: string }
  /** The receiver cannot tell a row that arrives twice: better lost than doubled, it is never sent again. */
  once?: boolean
}

/** Writes a row as the request that a receiver takes. Pure. */
export type Transport = (row: Row) => Posting

/** Events of the log after a batch, in commit order; `n` is its last batch. */
export type ReadLog = (after: number) => Promise<{ n: number; events: VisitorEvent[] }>

/** What the log is folded into; pure, and able to go on from its own earlier state. */
export interface Fold {
  /** Does an earlier `state()` hold all that is needed? If not, the log has to be read from its start, through `fill`. */
  complete(state: unknown): boolean
  /** Starts over from an earlier `state()`. */
  load(state: unknown): void
  /** An event from before the loaded state, for the parts that the state did not have. */
  fill(event: VisitorEvent): void
  feed(event: VisitorEvent): void
  state(): unknown
}

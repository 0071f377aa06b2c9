// segments(): which named rules hold, over behaviour, traits and context, as events come and time passes. Rules are
// compiled when somebody asks, or when something could have changed them.

import { duration } from '../lib/duration.js'
import { own } from '../lib/own.js'
import { type Zone, zone } from '../lib/zone.js'
import type { Fold, Rule, Ruleset } from '../types.js'
import { type BehaviourRule, behaviour } from './behaviour.js'
import { compiler } from './compile.js'
import { type Look, type Node, network, untilOf } from './network.js'
import { reaching } from './reaching.js'
import { type Facts, factPrints, isLeft, isStanding, type Reach, type Standing, type Stirring, stirring } from './standing.js'
import { staying } from './staying.js'

export interface Segments extends Fold {
  /** The names of the segments that hold, in the ruleset's order; the same list as before, and frozen, while nothing changes. */
  members(now: number, facts: Facts): string[]
  holds(rule: Rule, now: number, facts: Facts): boolean
  /** The earliest instant, after `now`, at which a rule could change with no event and the same facts; Infinity if none. */
  until(rule: Rule, now: number, facts: Facts): number
  /** What a question about behaviour is answered from, and until when the answer stays as it is if no event comes. */
  look(rule: BehaviourRule, now: number, facts: Facts): Look & { held: boolean; until: number }
  /** The next instant, after `now`, at which a segment could change with no event; Infinity if none. */
  next(now: number): number
}

const KINDS = ['traits', 'context', 'facts'] as const
const NEVER = Number.POSITIVE_INFINITY
/** Of a rule that something has stirred, and nobody has asked since. */
const AT_ONCE = 0

/**
 * `whens` are rules that stand elsewhere than under `segments`, such as an experience's `when`; `print` gives the
 * fingerprint of the whole ruleset.
 */
export function segments(ruleset: Pick<Ruleset, 'segments' | 'groups' | 'interests' | 'timeZone'>, whens: Rule[], print: () => number): Segments {
  const { segments: named = {}, groups = {}, interests, timeZone } = ruleset
  const names = Object.keys(named)
  const rules: Rule[] = [...names, ...whens.filter((rule) => typeof rule !== 'string')]
  let staysIn: string[] | undefined
  /** The segments that let a visitor stay in. */
  const keeps = (): string[] => {
    staysIn ??= names.filter((name) => own(named[name] as { keep?: string }, 'keep'))
    return staysIn
  }
  /** Has time to stop wherever something could change? */
  const exactly = (): boolean => keeps().length > 0

  let ours: number | undefined
  /** Is it a state of this very ruleset? */
  const isOurs = (state: unknown): boolean => {
    ours ??= print()
    // Asking the platform for its zone takes longer than all else.
    return isLeft(state, ours, () => timeZone ?? local().id)
  }
  let here: Zone | undefined
  const local = (): Zone => {
    here ??= zone(timeZone)
    return here
  }

  let facts: Facts = { traits: {}, context: {} }
  let ready = false
  /** Is every rule compiled? */
  let whole = false
  let list: string[] | undefined
  /** The rules that held when they were last looked at, by number. */
  let held = new Set<number>()
  let standing: Standing | undefined
  let stir: Stirring | undefined
  let reach: Reach | undefined
  /** Whose value may not be what is held. */
  let moved: Node[] = []

  const net = network((node) => moved.push(node))
  const past = behaviour({ groups, interests, zone: local, facts: () => facts.facts, touched: net.touch })
  const stays = staying(net)
  const numbers = new Map<Node, number>()
  let numberOf: Map<Rule, number> | undefined
  const compiled = compiler({
    named,
    groups,
    past,
    facts: () => facts,
    touched: net.touch,
    made: (node, rule) => {
      numberOf ??= new Map(rules.map((one, i) => [one, i]))
      const number = numberOf.get(rule)
      if (number !== undefined) numbers.set(node, number)
      if (typeof rule === 'string' && keeps().includes(rule)) stays.add(rule, duration(own(own(named, rule) as unknown as { keep: string }, 'keep')), node)
      net.add(node)
      moved.push(node)
    },
  })

  const compileAll = (): void => {
    stir = undefined
    if (whole) return
    whole = true
    rules.forEach(compiled.node)
    past.whole()
  }
  /** Makes the rules that were stirred; false when there were none. */
  const compileStirred = (): boolean => {
    const stirred = stir?.stirred() ?? []
    for (const rule of stirred) compiled.node(rules[rule] as Rule)
    return stirred.length > 0
  }

  // ---------------------------------------------------------------- time passes, and events are taken in

  const catchUp = (): void => past.catchUp(ready && exactly() ? (at) => net.run(Math.max(net.clock(), at), true) : undefined)

  /** What has changed becomes what is held, and stirs the rules that look at it. */
  const follow = (): void => {
    do {
      for (const node of moved.splice(0)) {
        const number = numbers.get(node)
        if (number === undefined || held.has(number) === node.value) continue
        if (node.value) held.add(number)
        else held.delete(number)
        if (number < names.length) list = undefined
        stir?.rule(number)
      }
      if (!compileStirred()) return
      catchUp()
      net.flush()
    } while (moved.length > 0)
  }

  const begin = (now: number, given: Facts): void => {
    ready = true
    facts = { ...(standing?.known ?? given) }
    for (const leaf of compiled.seeing.keys()) net.touch(leaf)
    net.start(standing?.at ?? (exactly() ? 0 : now))
    if (!stir) keeps().forEach(compiled.node)
    stir?.facts(given)
  }
  const settle = (now: number, given: Facts): void => {
    if (!ready) begin(now, given)
    const changed = KINDS.filter((kind) => given[kind] !== facts[kind] && JSON.stringify(given[kind]) !== JSON.stringify(facts[kind]))
    if (stir) {
      // What did not change until then may be otherwise at an earlier time.
      if (now < net.clock()) compileAll()
      stir?.time(now)
      if (changed.length > 0) stir?.facts(given)
      compileStirred()
    }
    // As it stood, before anything new: only then can be said when somebody has left.
    if (exactly()) net.flush()
    catchUp()
    net.run(now, exactly())
    facts = { ...given }
    if (changed.length > 0) for (const [leaf, sights] of compiled.seeing) if (sights.some(([kind]) => changed.includes(kind))) net.touch(leaf)
    net.flush()
    follow()
    if (stir) past.forget()
  }
  const settled = (rule: Rule, now: number, given: Facts): Node | undefined => {
    const node = compiled.node(rule)
    settle(now, given)
    return node
  }

  const holding = (): number[] => [...Uint32Array.from(held).sort()]

  return {
    members: (now, given) => {
      if (!stir) compileAll()
      settle(now, given)
      list ??= Object.freeze(holding().flatMap((number) => names[number] ?? [])) as string[]
      return list
    },
    holds: (rule, now, given) => {
      const number = stir ? rules.indexOf(rule) : -1
      // A part of a rule: all that it looks at is there once every rule is.
      if (stir && number < 0) compileAll()
      if (number < 0) return settled(rule, now, given)?.value ?? false
      settle(now, given)
      return held.has(number)
    },
    until: (rule, now, given) => {
      const node = settled(rule, now, given)
      return node ? untilOf(node) : NEVER
    },
    look: (rule, now, given) => {
      // A part of a rule, unless it is one by itself.
      const leaf = (rules.includes(rule as Rule) ? compiled.node(rule as Rule) : void compileAll())?.leaves[0] ?? past.leaf(rule)
      settle(now, given)
      return { got: null, last: null, ...leaf.look?.(now), held: leaf.truth, until: leaf.until }
    },
    next: () => Math.min(ready ? net.next() : NEVER, stir?.next() ?? NEVER),

    feed: (event) => {
      stir?.event(event)
      past.feed(event)
    },
    fill: past.fill,
    complete: (state) => {
      if (state === undefined || isOurs(state)) return true
      compileAll()
      return past.fits(state)
    },
    load: (state) => {
      const left = state !== undefined && isOurs(state)
      standing = left && isStanding(state) ? state : undefined
      // Whoever has no state will have everything asked.
      if (!left) compileAll()
      staysIn ??= standing?.reach.keeps.map((number) => names[number] as string)
      stir = standing && !whole ? stirring(standing, exactly()) : undefined
      reach ??= standing?.reach
      past.load(state)
      stays.load(own(state as never, 'kept'))
      held = new Set(standing?.held)
      moved = [...numbers.keys()]
      ready = false
      list = undefined
      for (const name of keeps()) {
        const node = compiled.known(name)
        if (node) net.add(node)
      }
    },
    state: () => {
      if (!stir) compileAll()
      if (ready) settle(net.clock(), facts)
      else if (standing?.known) settle(Math.max(standing.at, past.newest()), standing.known)
      else {
        compileStirred()
        catchUp()
      }
      const due = rules.flatMap((rule, i): Standing['due'] => {
        const node = compiled.known(rule)
        const until = node ? (ready ? untilOf(node) : AT_ONCE) : NEVER
        return until < NEVER ? [[until, i]] : []
      })
      reach ??= { ...reaching(past.streams(), compiled.seeing, numbers), keeps: keeps().map((name) => names.indexOf(name)) }
      return {
        ...past.state(),
        rules: ours ?? print(),
        ...(here ? { zone: here.id } : standing?.zone === undefined ? {} : { zone: standing.zone }),
        at: ready ? net.clock() : (standing?.at ?? 0),
        ...(ready || stir ? { held: holding() } : {}),
        due: [...due, ...(stir?.due() ?? []).filter(([, rule]) => !compiled.known(rules[rule] as Rule))].sort(([a], [b]) => a - b),
        reach,
        prints: ready ? factPrints(reach, facts) : (standing?.prints ?? []),
        ...(ready && exactly() ? { known: facts } : {}),
        kept: stays.save(),
      }
    },
  }
}

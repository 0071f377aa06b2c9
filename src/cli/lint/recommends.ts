// Recommendations that ask for something in vain, or would tell more than they should.

import { own } from '../../lib/own.js'
import type { Recommend, Ruleset } from '../../types.js'
import type { Found } from '../finding.js'

export function recommends({ slots = {}, sync, interests = {}, rows = {} }: Pick<Ruleset, 'slots' | 'sync' | 'interests' | 'rows'>, found: Found): void {
  const look = ({ related, shards, mix, prefetch, never, reorder, limit, explore }: Recommend, path: string): void => {
    const sharded = related?.includes('{shard}') ?? false
    if (sharded && shards === undefined) found(`${path}.related`, 'shards', 'has {shard} in it, and "shards" does not say how many there are', 'give the number that slotwise related was given')
    if (!sharded && shards !== undefined) found(`${path}.shards`, 'shards', 'does nothing unless "related" has {shard} in it', 'write "/related/{shard}.json", or leave it out')
    if (mix?.interests && Object.keys(interests).length === 0) found(`${path}.mix.interests`, 'idle', 'there are no "interests" in the ruleset that could count', 'add some, or leave it out')
    if (prefetch !== undefined && !sync) found(`${path}.prefetch`, 'idle', 'nothing is fetched ahead before the visitor allows measuring, and without "sync" nobody is asked for that', 'leave it out')
    if (prefetch !== undefined && prefetch < 0.2) found(`${path}.prefetch`, 'idle', 'slotwise related only tells of pages that come next with a probability of 0.2 or more', 'write 0.2 or more')
    if (never && prefetch === undefined) found(`${path}.never`, 'idle', 'does nothing without "prefetch"', 'leave it out')
    for (const [name, value] of Object.entries({ limit, explore })) if (reorder !== undefined && value !== undefined) found(`${path}.${name}`, 'idle', 'does nothing beside "reorder", which adds no items and takes none away', 'leave it out')
  }
  for (const [slot, { experiences = [], variants = {} }] of Object.entries(slots)) {
    experiences.forEach(({ recommend }, i) => recommend && look(recommend, `slots.${slot}.experiences[${i}].recommend`))
    for (const [name, { recommend }] of Object.entries(variants)) if (recommend) look(recommend, `slots.${slot}.variants.${name}.recommend`)
  }
  for (const [name, { event, by }] of Object.entries(rows)) {
    if (/^recommend_(click|seen|dismiss)$/.test(event) && own(by, 'item')) found(`rows.${name}.by.item`, 'telling', 'tells which item a visitor has chosen', 'count by "position": "1", "2-3", "4-6" and "7+"')
  }
}

// posthog(): a row as a PostHog batch of one, of nobody: one sentinel for all visitors, and no profile is made of it.

import { uuid } from '../../lib/uuid.js'
import type { SyncRules, Transport } from '../../types.js'

/** `endpoint` ends with `/batch/`; `key` is the project's public one. PostHog tells a row that arrives twice by its uuid. */
export const posthog =
  ({ endpoint, key }: SyncRules): Transport =>
  ({ metric, day, id, ...rest }) => {
    const properties = { distinct_id: '$slotwise_anonymous', $process_person_profile: false, $geoip_disable: true, $ip: '0.0.0.0', ...rest }
    const event = { event: `slotwise.${metric}`, uuid: uuid(id), timestamp: new Date(day * 86_400_000).toISOString(), properties }
    return { url: endpoint, type: 'application/json', body: JSON.stringify({ api_key: key, batch: [event] }) }
  }

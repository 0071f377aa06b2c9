// snowplow(): a row as one self-describing event of Snowplow's tracker protocol, without address or network id.

import { uuid } from '../../lib/uuid.js'
import type { SyncRules, Transport } from '../../types.js'

const about = (name: string, data: unknown): object => ({ schema: `iglu:com.snowplowanalytics.snowplow/${name}`, data })

/**
 * `endpoint` ends with `/com.snowplowanalytics.snowplow/tp2`; `service` is the app id, `key` the schema that a row is of.
 * `SP-Anonymous` keeps the collector from noting address and cookie.
 */
export const snowplow =
  ({ endpoint, service = 'slotwise', key }: SyncRules): Transport =>
  ({ day, id, ...data }) => {
    const event = {
      e: 'ue',
      p: 'web',
      tv: 'slotwise',
      aid: service,
      eid: uuid(id),
      dtm: `${day * 86_400_000}`,
      ue_pr: JSON.stringify(about('unstruct_event/jsonschema/1-0-0', { schema: key, data })),
    }
    return {
      url: endpoint,
      type: 'application/json; charset=UTF-8',
      headers: { 'SP-Anonymous': '*' },
      body: JSON.stringify(about('payload_data/jsonschema/1-0-4', [event])),
    }
  }

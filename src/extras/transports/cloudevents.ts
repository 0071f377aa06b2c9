// cloudevents(): a row as a CloudEvents 1.0 batch of one over HTTP, for whatever takes webhooks.

import type { SyncRules, Transport } from '../../types.js'

/** `service` is the events' source. A receiver tells a row that arrives twice by source and id, as the standard says. */
export const cloudevents =
  ({ endpoint, service = 'slotwise' }: SyncRules): Transport =>
  ({ metric, day, id, ...data }) => {
    const event = {
      specversion: '1.0',
      id,
      source: service,
      type: `slotwise.${metric}.v1`,
      // A day and no more.
      time: new Date(day * 86_400_000).toISOString(),
      datacontenttype: 'application/json',
      data,
    }
    return { url: endpoint, type: 'application/cloudevents-batch+json', body: JSON.stringify([event]) }
  }

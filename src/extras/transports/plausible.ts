// plausible(): a row as a custom event of Plausible, which cannot tell one that arrives twice: it is sent once at most.

import type { SyncRules, Transport } from '../../types.js'

const text = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value))

/** `endpoint` ends with `/api/event`; `service` is the domain that Plausible knows the site by. As plain text, so that no browser asks for leave first. */
export const plausible =
  ({ endpoint, service = 'slotwise' }: SyncRules): Transport =>
  ({ metric, day, id: _, ...rest }) => {
    // Properties are texts. The day is one of them: Plausible dates an event by its arrival.
    const values = { ...rest, day: new Date(day * 86_400_000).toISOString().slice(0, 10) }
    const props = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, text(value)]))
    return {
      url: endpoint,
      type: 'text/plain',
      body: JSON.stringify({ name: `slotwise.${metric}`, domain: service, url: `https://${service}/`, interactive: false, props }),
      once: true,
    }
  }

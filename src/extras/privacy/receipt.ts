// receipt(): the visitor's choice as a consent receipt, with the fields of ISO/IEC TS 27560:2023. Nobody is named in it
// but the controller: the device stands for the person.

import type { Consent, Exported } from '../../types.js'

const DAY = 86_400_000
const STATES = { granted: 'given', denied: 'refused', unset: 'not asked' } as const

/** Days as ISO 8601 writes a duration. */
const period = (text: string): string => text.replace(/^(\d+)(\w)$/, (_, n, unit) => (unit === 'd' || unit === 'w' ? `P${n}${unit.toUpperCase()}` : `PT${n}${unit.toUpperCase()}`))

const iso = (at: number): string => new Date(at).toISOString()

export function receipt({ consent, retention, rulesetHash, rulesetVersion, generatedAt }: Exported, { notice }: Consent, language: string, page: string) {
  const at = consent.at ?? Date.parse(generatedAt)
  const controller = notice.controller ?? new URL(page).host
  const purpose = (id: 'personalize' | 'measure') => ({
    purpose: id,
    lawful_basis: 'consent',
    state: STATES[consent[id]],
    pii_type: id === 'measure' ? 'counts without an identifier' : 'what was done on this site',
    storage_location: id === 'measure' && notice.sends ? 'controller' : 'this device',
    retention_period: period(retention.events),
    recipient_third_parties: [],
  })
  return {
    schema_version: 'slotwise-receipt/1 (ISO/IEC TS 27560:2023)',
    // Of the rules and the day: it tells one receipt from another, and nobody from anybody.
    record_id: `${rulesetHash}#${Math.floor(at / DAY)}`,
    pii_principal_id: 'this-device',
    pii_processing: {
      privacy_notice: notice.policy ? new URL(notice.policy, page).href : page,
      notice_version: `${rulesetVersion}, ${rulesetHash}`,
      language,
      purposes: [purpose('personalize'), ...(notice.sends ? [purpose('measure')] : [])],
      pii_controllers: ['controller'],
      withdrawal_method: page,
    },
    party_identification: [{ party_id: 'controller', party_name: controller, party_role: 'controller', party_url: new URL(page).origin }],
    events: [{ event_time: iso(at), event_type: consent.by === 'visitor' ? 'explicit' : consent.by === 'signal' ? 'signal of the browser' : 'none', valid_until: consent.until === null ? null : iso(consent.until), entity: 'this-device' }],
  }
}

// referrerClass() and clickSource(): what kind of site led here, and whose advertisement. Names of kinds only: neither
// the address that led here nor a click's id is kept.

import type { Arrival } from '../types.js'

/** By host, in this order: mail.google.com is no search. Country domains, and subdomains, are meant with it. */
const HOSTS: [kind: 'mail' | 'search' | 'social', pattern: RegExp][] = [
  ['mail', /^(mail|webmail|email|outlook|newsletters?)\.|^(e\.mail\.ru|com\.google\.android\.gm)$|\.mail\.yahoo\./],
  ['search', /(^|\.)(google|bing|duckduckgo|yahoo|yandex|baidu|ecosia|qwant|startpage|kagi|naver|daum|seznam|sogou|swisscows|mojeek|aol)(\.[a-z]{2,3}){1,2}$|^search\.|\.googlequicksearchbox$/],
  ['social', /(^|\.)(facebook|instagram|threads|twitter|linkedin|lnkd|reddit|pinterest|youtube|tiktok|snapchat|tumblr|vk|whatsapp|telegram|discord|bsky|mastodon|weibo|quora|ycombinator)(\.[a-z]{2,6}){1,2}$|^(t\.co|x\.com|t\.me|fb\.me|wa\.me|youtu\.be|pin\.it)$/],
]

/** `referrer` as documents have it; an app's on Android is `android-app://package`. */
export function referrerClass(referrer: string, host: string): NonNullable<Arrival['referrer']> {
  let from: string
  try {
    from = new URL(referrer).host
  } catch {
    return 'direct'
  }
  if (from === host) return 'internal'
  return HOSTS.find(([, pattern]) => pattern.test(from))?.[0] ?? 'other'
}

/** Query parameters that advertisers add to a click, by who adds them. */
const CLICK_IDS: { [source: string]: string[] } = {
  google: ['gclid', 'gbraid', 'wbraid', 'dclid', 'gad_source'],
  facebook: ['fbclid'],
  microsoft: ['msclkid'],
  tiktok: ['ttclid'],
  twitter: ['twclid'],
  linkedin: ['li_fat_id'],
  pinterest: ['epik'],
  snapchat: ['ScCid', 'sccid'],
  reddit: ['rdt_cid'],
  yandex: ['yclid'],
  instagram: ['igshid', 'igsh'],
  mailchimp: ['mc_eid', 'mc_cid'],
  hubspot: ['_hsenc', 'hsCtaTracking'],
  klaviyo: ['_kx'],
}

/** Whose click id an address carries. */
export function clickSource(search: string): string | undefined {
  const query = new URLSearchParams(search)
  return Object.keys(CLICK_IDS).find((source) => CLICK_IDS[source]?.some((name) => query.has(name)))
}

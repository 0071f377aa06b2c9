// @vitest-environment node
// What kind of site led here; and whose advertisement, by the presence of a click id alone.

import { expect, test } from 'vitest'
import { clickSource, referrerClass } from '../../src/sense/referrer.js'

const from = (referrer: string): string => referrerClass(referrer, 'shop.example')

test.each([
  ['direct', ['', 'no address']],
  ['internal', ['https://shop.example/', 'http://shop.example/p/1?x=1']],
  ['search', ['https://www.google.com/', 'https://google.com.br/', 'https://www.google.co.uk/search?q=x', 'https://www.bing.com/', 'https://duckduckgo.com/', 'https://br.search.yahoo.com/', 'https://yandex.ru/', 'https://ya.yandex.com.tr/', 'https://www.ecosia.org/', 'https://search.brave.com/', 'android-app://com.google.android.googlequicksearchbox/']],
  ['social', ['https://www.facebook.com/', 'https://l.facebook.com/l.php?u=x', 'https://lm.instagram.com/', 'https://t.co/abc', 'https://x.com/', 'https://www.linkedin.com/', 'https://lnkd.in/x', 'https://out.reddit.com/', 'https://www.youtube.com/', 'https://news.ycombinator.com/item?id=1', 'https://web.whatsapp.com/', 'https://bsky.app/', 'https://mastodon.social/@a']],
  ['mail', ['https://mail.google.com/mail/u/0/', 'https://outlook.live.com/', 'https://mail.yahoo.com/', 'https://webmail.host.example/', 'https://mail.proton.me/', 'android-app://com.google.android.gm/']],
  ['other', ['https://blog.example/', 'https://notgoogle.com/', 'https://google.evil.example/', 'https://xx.com/', 'https://robots.com/', 'https://shop.example.org/', 'https://gmail-tips.example/', 'https://facebooks.com/', 'https://task.com/', 'https://art.com/']],
])('%s', (kind, referrers) => {
  for (const referrer of referrers) expect(`${referrer} ${from(referrer)}`).toBe(`${referrer} ${kind}`)
})

test('a click id tells who sold the click, and its value is not given', () => {
  expect(clickSource('?gclid=abc')).toBe('google')
  expect(clickSource('?utm_source=x&wbraid=1')).toBe('google')
  expect(clickSource('?fbclid=abc')).toBe('facebook')
  expect(clickSource('?msclkid=')).toBe('microsoft')
  expect(clickSource('?mc_eid=1')).toBe('mailchimp')
  expect(clickSource('?xgclid=1&q=gclid')).toBeUndefined()
  expect(clickSource('')).toBeUndefined()
})

// @vitest-environment node
// Catalogues out of what sites have already: feeds, their own pages, sitemaps.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { catalogueOf } from '../../src/cli/catalogue.js'
import { main } from '../../src/cli/cli.js'
import { fromCsv, fromXml, steps } from '../../src/cli/feeds.js'
import { itemOf } from '../../src/cli/pages.js'
import { readCatalogue } from '../../src/extras/recommend/catalogue.js'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'slotwise-catalogue-'))
})
afterEach(() => {
  rmSync(directory, { recursive: true })
  vi.restoreAllMocks()
})
const put = (name: string, text: string): string => {
  mkdirSync(dirname(join(directory, name)), { recursive: true })
  writeFileSync(join(directory, name), text)
  return join(directory, name)
}
const said = (): string[] => {
  const lines: string[] = []
  vi.spyOn(console, 'log').mockImplementation((line) => void lines.push(line))
  vi.spyOn(console, 'error').mockImplementation((line) => void lines.push(line))
  for (const out of [process.stdout, process.stderr]) vi.spyOn(out, 'write').mockImplementation((text) => lines.push(`${text}`) > 0)
  return lines
}
const MERCHANT = `<?xml version="1.0"?><rss version="2.0" xmlns:g="http://base.google.com/ns/1.0"><channel><title>Shop</title>
<item><g:id>007</g:id><title>Boots &amp; co</title><link>https://shop.example/p/boots?utm_source=google&amp;c=1</link><g:image_link>https://cdn.example/boots.jpg</g:image_link><g:price>50.00 EUR</g:price><g:sale_price>40.00 EUR</g:sale_price><g:product_type>Home &gt; Shoes &gt; Trail</g:product_type><g:brand>Serra</g:brand><g:availability>in_stock</g:availability></item>
<item><g:id>8</g:id><g:title>Tent</g:title><g:link>https://shop.example/p/tent/</g:link><g:availability>out_of_stock</g:availability></item>
</channel></rss>`

test('a product feed is read as XML and as a table, with what is sold out', () => {
  expect(fromXml(MERCHANT)).toEqual([
    { id: '007', url: 'https://shop.example/p/boots?utm_source=google&c=1', title: 'Boots & co', image: 'https://cdn.example/boots.jpg', price: '40.00 EUR', tags: ['Shoes', 'Trail', 'Serra'] },
    { id: '8', url: 'https://shop.example/p/tent/', title: 'Tent', tags: [], out: true },
  ])
  const table = 'id,title,link,image link,price,product type,brand,availability\n007,"Boots, high",https://shop.example/p/boots,,40 EUR,Home > Shoes,Serra,in stock\n8,Tent,https://shop.example/p/tent,,,,,out of stock\n'
  const expected = [{ id: '007', url: 'https://shop.example/p/boots', title: 'Boots, high', price: '40 EUR', tags: ['Shoes', 'Serra'] }, { id: '8', url: 'https://shop.example/p/tent', title: 'Tent', tags: [], out: true }]
  expect(fromCsv(table, false)).toEqual(expected)
  expect(fromCsv(table.replace('"Boots, high"', 'Boots; high').replaceAll(',', '\t').replace('Boots; high', 'Boots, high'), true)).toEqual(expected)
  expect(() => fromCsv('a,b\n1,2\n', false)).toThrow('none of its columns is "id" or "link"; it has a, b')
  expect(steps('Shoes')).toEqual(['Shoes'])
})

test('RSS and Atom are read', () => {
  const rss = '<rss><channel><item><title><![CDATA[One <b>]]></title><link>https://blog.example/one</link><category>Trail</category><category>Camp</category><enclosure url="https://blog.example/1.jpg" type="image/jpeg"/></item></channel></rss>'
  expect(fromXml(rss)).toEqual([{ url: 'https://blog.example/one', title: 'One <b>', image: 'https://blog.example/1.jpg', tags: ['Trail', 'Camp'] }])
  const atom = '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title type="html">Two</title><link rel="edit" href="/edit"/><link href="https://blog.example/two"/><category term="Trail"/></entry></feed>'
  expect(fromXml(atom)).toEqual([{ url: 'https://blog.example/two', title: 'Two', tags: ['Trail'] }])
  expect(() => fromXml('<html><p>no</p></html>')).toThrow('no <item>')
})

const PRODUCT = (name: string, more = ''): string =>
  `<html><head><script type="application/ld+json">{ "@graph": [{ "@type": "Product", "name": "${name}", "sku": "${name}-1", "category": "Shoes > Trail", "brand": { "name": "Serra" }, "image": ["/img/${name}.jpg"], "offers": { "price": 10, "priceCurrency": "BRL", "availability": "https://schema.org/OutOfStock" } }, { "@type": "BreadcrumbList" }] }</script>${more}</head></html>`

test('a page says what it is about by its JSON-LD, else by its Open Graph tags; a page of many products is none', () => {
  expect(itemOf({ url: '/p/a', html: PRODUCT('a', '<script type="application/ld+json">{ broken</script>') })).toEqual({ url: '/p/a', id: 'a-1', title: 'a', image: '/img/a.jpg', price: '10 BRL', tags: ['Shoes', 'Trail', 'Serra'], out: true })
  expect(itemOf({ url: '/x', html: PRODUCT('a') + PRODUCT('b') })).toBeUndefined()
  expect(itemOf({ url: '/x', html: '<p>words</p>' })).toBeUndefined()
  const article = '<script type="application/ld+json">{ "@type": "BlogPosting", "headline": "How to walk", "articleSection": "Trail", "keywords": "boots, maps", "image": { "url": "/w.jpg" } }</script>'
  expect(itemOf({ url: '/read', html: article })).toEqual({ url: '/read', title: 'How to walk', image: '/w.jpg', tags: ['Trail', 'boots', 'maps'] })
  const graph = '<meta property="og:type" content="article"><meta property="og:title" content="T"><meta property="article:tag" content="x"><meta property="article:tag" content="y">'
  expect(itemOf({ url: '/g', html: graph })).toEqual({ url: '/g', title: 'T', tags: ['x', 'y'] })
})

test('items that are there already keep their places; what is gone goes, and what is new comes last', () => {
  const found = ['c', 'b', 'new'].map((name) => ({ url: `https://s.example/${name}/`, title: name, tags: [] }))
  const item = (key: string, popularity: number) => ({ key, title: 'old', tags: [], popularity, url: '', image: '', price: '' })
  const { items } = catalogueOf([...found, { title: 'no address', tags: [] }], 'path', [item('/a', 1), item('/b', 2), item('/c', 3)])
  expect(items.map(({ key, title, popularity }) => [key, title, popularity])).toEqual([['/b', 'b', 2], ['/c', 'c', 3], ['/new', 'new', 0]])
})

test('the command makes a catalogue that pages can read, of a feed, by path or by id', async () => {
  const lines = said()
  const out = join(directory, 'c.json')
  await main(['catalogue', ...[put('feed.xml', MERCHANT), '--out', out, '--stock', join(directory, 'stock.json')]])
  const made = readCatalogue(JSON.parse(readFileSync(out, 'utf8')), ['tags'])
  expect([made.keys, made.items[0]?.url, made.items[0]?.image, readFileSync(join(directory, 'stock.json'), 'utf8')]).toEqual([['/p/boots', '/p/tent'], '/p/boots?c=1', 'https://cdn.example/boots.jpg', '["/p/tent"]\n'])
  expect(lines[0]).toContain('2 items; 1 are sold out')
  await main(['catalogue', ...[join(directory, 'feed.xml'), '--out', join(directory, 'id.json'), '--key', 'id']])
  const byId = readCatalogue(JSON.parse(readFileSync(join(directory, 'id.json'), 'utf8')), ['tags'])
  expect([byId.keys, byId.paths]).toEqual([['007', '8'], ['/p/boots', '/p/tent']])
})

test('of a built site, and of a sitemap with pages that cannot be had', async () => {
  const lines = said()
  const site = join(directory, 'site')
  put('site/index.html', '<p>home</p>')
  put('site/p/a/index.html', PRODUCT('a'))
  put('site/p/b ç.html', PRODUCT('b'))
  await main(['catalogue', ...[site, '--out', join(directory, 'c.json'), '--json']])
  expect(readCatalogue(JSON.parse(readFileSync(join(directory, 'c.json'), 'utf8')), []).paths).toEqual(['/p/a', '/p/b ç.html'])
  expect(JSON.parse(lines[0] as string)).toMatchObject({ items: 2, pages: 3, out: 2 })

  const server = createServer(({ url }, response) => {
    const { origin } = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    const urls = (paths: string[]): string => `<urlset>${paths.map((path) => `<url><loc>${path.startsWith('http') ? path : origin + path}</loc></url>`).join('')}</urlset>`
    const pages: { [path: string]: string } = { '/sitemap.xml': `<sitemapindex><sitemap><loc>${origin}/one.xml</loc></sitemap></sitemapindex>`, '/one.xml': urls(['/p/a', '/gone', 'https://other.example/p', '/p/b']), '/p/a': PRODUCT('a'), '/p/b': PRODUCT('b') }
    const text = pages[url ?? '']
    response.writeHead(text ? 200 : 404).end(text)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  await main(['catalogue', ...[`http://127.0.0.1:${(server.address() as AddressInfo).port}/sitemap.xml`, '--out', join(directory, 'd.json'), '--json']])
  server.close()
  expect(JSON.parse(lines[1] as string)).toMatchObject({ items: 2, pages: 2, missed: [expect.stringContaining('/gone: HTTP 404')] })
  expect(readCatalogue(JSON.parse(readFileSync(join(directory, 'd.json'), 'utf8')), []).keys).toEqual(['/p/a', '/p/b'])
})

test('wrong use and a source without items are said, and no file is written', async () => {
  const lines = said()
  const refused = async (args: string[], words: string): Promise<void> => {
    expect(await main(['catalogue', ...args])).toBe(2)
    expect(lines.splice(0).join('')).toContain(words)
  }
  await refused(['--out', 'x'], 'source')
  await refused(['/none', '--out', 'x'], 'cannot read /none')
  await refused(['/none', '--out', 'x', '--key', 'sku'], 'got "sku"')
  await refused([put('feed.xml', MERCHANT), '--out', put('broken.json', '{')], 'is there and no catalogue')
  put('empty/index.html', '<p>home</p>')
  expect(await main(['catalogue', join(directory, 'empty'), '--out', join(directory, 'e.json')])).toBe(1)
  expect(lines[0]).toContain('none of its 1 pages has a product')
  expect(() => readFileSync(join(directory, 'e.json'))).toThrow()
})

// @vitest-environment node

import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Serving, serve } from '../../src/cli/serve.js'

let directory: string
let serving: Serving | undefined

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'slotwise-serve-'))
  mkdirSync(join(directory, 'site/shop'), { recursive: true })
  writeFileSync(join(directory, 'site/index.html'), '<h1>Home</h1>')
  writeFileSync(join(directory, 'site/shop/index.html'), '<h1>Shop</h1>')
  writeFileSync(join(directory, 'site/slotwise.json'), '{}')
  writeFileSync(join(directory, 'secret.txt'), 'secret')
  writeFileSync(join(directory, 'site-secret.txt'), 'secret')
})
afterEach(async () => {
  await serving?.close()
  serving = undefined
  rmSync(directory, { recursive: true })
})

const start = async (headers = {}): Promise<string> => {
  serving = await serve({ directory: join(directory, 'site'), headers })
  return serving.url
}

/** Sends a path as it is: `fetch` would tidy it up first. */
const raw = (url: string, path: string): Promise<string> =>
  new Promise((done) => {
    const { port } = new URL(url)
    const socket = connect(Number(port), '127.0.0.1', () => socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`))
    let answer = ''
    socket.on('data', (chunk) => {
      answer += chunk
    })
    socket.on('close', () => done(answer))
  })

test('a site is served as a site: index files, types, and headers', async () => {
  const url = await start({ 'content-security-policy': "default-src 'self'" })
  const home = await fetch(`${url}/`)
  expect([home.status, home.headers.get('content-type'), await home.text()]).toEqual([200, 'text/html; charset=utf-8', '<h1>Home</h1>'])
  expect(home.headers.get('content-security-policy')).toBe("default-src 'self'")
  expect((await fetch(`${url}/slotwise.json?x=1`)).headers.get('content-type')).toBe('application/json; charset=utf-8')
  const shop = await fetch(`${url}/shop`)
  expect([shop.url, await shop.text()]).toEqual([`${url}/shop/`, '<h1>Shop</h1>'])
  expect((await fetch(`${url}/`, { method: 'HEAD' })).headers.get('content-length')).toBe('13')
})

test('what is not there is not found, and only reading is allowed', async () => {
  const url = await start()
  expect((await fetch(`${url}/none.html`)).status).toBe(404)
  expect((await fetch(`${url}/`, { method: 'POST' })).status).toBe(405)
  expect(await raw(url, '/%')).toContain('400 Bad Request')
})

test.each(['/../secret.txt', '/%2e%2e/secret.txt', '/shop/../../secret.txt', '/..%2fsecret.txt', '/../site-secret.txt', '/%2e%2e%2fsite-secret.txt', '//../secret.txt'])('nothing outside the directory can be read by %s', async (path) => {
  const answer = await raw(await start(), path)
  expect(answer).not.toContain('secret')
  expect(answer).toMatch(/^HTTP\/1\.1 40[04]/)
})

test('a directory that is not there is refused', async () => {
  await expect(serve({ directory: join(directory, 'none') })).rejects.toThrow('there is no directory')
})

const cli = (...args: string[]) => spawnSync(process.execPath, ['dist/cli.js', ...args], { encoding: 'utf8' })

test('the command line teaches, and refuses what it does not know', () => {
  expect(cli('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('slotwise serve public --open') })
  expect(cli()).toMatchObject({ status: 2, stderr: expect.stringContaining('see slotwise --help') })
  expect(cli('swerve')).toMatchObject({ status: 2, stderr: expect.stringContaining('"swerve"') })
  expect(cli('serve', '.', '--prot', '1')).toMatchObject({ status: 2, stderr: expect.stringContaining('--prot') })
  expect(cli('serve', '.', '--port', 'x')).toMatchObject({ status: 2, stderr: expect.stringContaining('--port') })
  expect(cli('serve', 'no-such-directory')).toMatchObject({ status: 2, stderr: expect.stringContaining('no-such-directory') })
})

test('the command line serves, and says where', async () => {
  const child = spawn(process.execPath, ['dist/cli.js', 'serve', join(directory, 'site')])
  try {
    const line = await new Promise<string>((said) => child.stdout.once('data', (data) => said(String(data))))
    const url = /http:\S+/.exec(line)?.[0] as string
    expect(await (await fetch(url)).text()).toBe('<h1>Home</h1>')
  } finally {
    child.kill()
  }
})

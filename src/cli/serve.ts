// slotwise serve: a static file server for looking at a built site on this machine, which may collect its rows too.

import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { createServer, type ServerResponse } from 'node:http'
import { extname, join, resolve, sep } from 'node:path'
import { collector } from './collect.js'

const TYPES: { [extension: string]: string } = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
}

export interface ServeOptions {
  directory: string
  /** 0, the default, takes any free port. */
  port?: number
  /** Sent with every answer, such as a content security policy. */
  headers?: { [name: string]: string }
  /** A file outside the directory, which rows that the site sends to `/collect/v1/logs` are added to. */
  collect?: string
}

export interface Serving {
  /** `http://127.0.0.1:PORT` */
  url: string
  close(): Promise<void>
}

/** Serves `directory` on this machine only. Rejects when the port is taken or the directory is not there. */
export async function serve({ directory, port = 0, headers = {}, collect }: ServeOptions): Promise<Serving> {
  const root = resolve(directory)
  if (!(await stat(root).catch(() => null))?.isDirectory()) throw new Error(`there is no directory ${directory}`)
  const collecting = collect === undefined ? undefined : await collector(collect, root)

  const fail = (response: ServerResponse, status: number, words: string): void => {
    response.writeHead(status, { ...headers, 'content-type': 'text/plain; charset=utf-8' }).end(`${words}\n`)
  }

  const server = createServer(async (request, response) => {
    try {
      const { pathname } = new URL(request.url ?? '/', 'http://localhost')
      const collected = await collecting?.(pathname, request)
      if (collected) return void response.writeHead(collected.status, { ...headers, ...collected.headers }).end(collected.body)
      if (request.method !== 'GET' && request.method !== 'HEAD') return fail(response, 405, 'Only GET and HEAD')
      let file = resolve(join(root, decodeURIComponent(pathname)))
      // Decoded first: "%2e%2e" must not climb out of the directory either.
      if (file !== root && !file.startsWith(root + sep)) return fail(response, 404, 'Not found')
      let found = await stat(file).catch(() => null)
      if (found?.isDirectory()) {
        if (!pathname.endsWith('/')) return void response.writeHead(301, { ...headers, location: `${pathname}/` }).end()
        file = join(file, 'index.html')
        found = await stat(file).catch(() => null)
      }
      if (!found?.isFile()) return fail(response, 404, 'Not found')
      response.writeHead(200, {
        ...headers,
        'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
        'content-length': found.size,
        'cache-control': 'no-cache',
      })
      if (request.method === 'HEAD') return void response.end()
      createReadStream(file).on('error', () => response.destroy()).pipe(response)
    } catch {
      fail(response, 400, 'Bad request')
    }
  })

  await new Promise<void>((listening, failed) => {
    server.once('error', failed)
    server.listen(port, '127.0.0.1', listening)
  })
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : port}`,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed())
        server.closeAllConnections()
      }),
  }
}

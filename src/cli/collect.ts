// The receiving half of slotwise serve --collect: takes OTLP logs, keeps their rows in a file, and gives them out again.

import { appendFile, open, readFile, realpath } from 'node:fs/promises'
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { basename, dirname, join, resolve, sep } from 'node:path'
import { LOGS_PATH, ROWS_PATH } from './paths.js'
import { distinctRows, readLogs, toLine } from './rows.js'

export interface Answer {
  status: number
  headers: { [name: string]: string }
  body: string
}

/** Answers what is asked of the collector; undefined for every other path. */
export type Collector = (path: string, request: IncomingMessage) => Promise<Answer> | undefined

/** Bytes. A row takes less than one thousandth of this. */
const LARGEST = 64 * 1024

const json = (status: number, value: unknown): Answer => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
  body: JSON.stringify(value),
})
/** OTLP wants the reason of a refusal as the message of a status. */
const refuse = (status: number, message: string, headers: Answer['headers'] = {}): Answer => {
  const answer = json(status, { message })
  return { ...answer, headers: { ...answer.headers, ...headers } }
}

/** Where the file really is; of one that is not there yet, where it will be. */
const place = async (file: string): Promise<string> =>
  realpath(file).catch(async () => join(await realpath(dirname(resolve(file))), basename(file)))

/** The whole body, or null when it is larger than it may be. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += chunk.length
    // Read to its end all the same: a sender that is cut off sees a broken connection, and not the answer.
    if (size <= LARGEST) chunks.push(chunk)
    else chunks.length = 0
  }
  return size > LARGEST ? null : Buffer.concat(chunks).toString('utf8')
}

const isPlainJson = ({ 'content-type': type = '', 'content-encoding': encoding = 'identity' }: IncomingHttpHeaders): boolean =>
  /^application\/json\s*(;|$)/i.test(type) && encoding === 'identity'

function parse(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

/** Adds text to the file's end, one write after another: lines of two requests never mix. */
function appender(file: string): (text: string) => Promise<void> {
  let last: Promise<unknown> = Promise.resolve()
  return (text) => {
    const written = last.then(() => appendFile(file, text))
    last = written.catch(() => {})
    return written
  }
}

/**
 * Collects into `file`, which must stand outside the served `directory`, where anybody could read it.
 * Of a request nothing but its rows is kept: no address, no header, no time.
 */
export async function collector(file: string, directory: string): Promise<Collector> {
  if ((await place(file)).startsWith((await realpath(directory)) + sep)) {
    throw new Error(`${file} would be served with the site; collect into a file outside ${directory}`)
  }
  // Now rather than with the first row: a place that cannot be written to is told of at once.
  const handle = await open(file, 'a+')
  const { size } = await handle.stat()
  const end = size > 0 ? (await handle.read(Buffer.alloc(1), 0, 1, size - 1)).buffer.toString() : '\n'
  await handle.close()
  const append = appender(file)
  // Half a line, from a machine that went down, must not swallow the next row.
  if (end !== '\n') await append('\n')

  const receive = async (request: IncomingMessage): Promise<Answer> => {
    // Another site's page can post here without asking the browser first, but not as this type.
    if (!isPlainJson(request.headers)) return refuse(415, 'Only application/json, without an encoding')
    const body = await readBody(request)
    if (body === null) return refuse(413, `At most ${LARGEST} bytes`)
    const received = readLogs(parse(body))
    if (!received) return refuse(400, 'Not OTLP logs as JSON: there is no list of resourceLogs')
    const { rows, rejected } = received
    try {
      if (rows.length > 0) await append(rows.map(toLine).join(''))
    } catch (error) {
      // OTLP's word for "send it again later".
      return refuse(503, `The rows cannot be kept: ${(error as Error).message}`)
    }
    return json(200, rejected.length > 0 ? { partialSuccess: { rejectedLogRecords: `${rejected.length}`, errorMessage: rejected[0] } } : {})
  }

  // Taking the file away is how to start over.
  const giveOut = async (): Promise<Answer> => json(200, distinctRows(await readFile(file, 'utf8').catch(() => '')))

  return (path, request) => {
    if (path === LOGS_PATH) return request.method === 'POST' ? receive(request) : Promise.resolve(refuse(405, 'Only POST', { allow: 'POST' }))
    if (path !== ROWS_PATH) return
    return request.method === 'GET' || request.method === 'HEAD' ? giveOut() : Promise.resolve(refuse(405, 'Only GET and HEAD', { allow: 'GET, HEAD' }))
  }
}

// freePort(): a port of this machine that nobody listens on just now.

import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'

export const freePort = (): Promise<number> =>
  new Promise((found, failed) => {
    const server = createServer()
    server.once('error', failed)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => found(port))
    })
  })

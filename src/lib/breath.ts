// breath(): lets the browser do what waits, a click or a frame, and goes on in a task of its own.

/** A timer would wait longer, and in a page out of sight a whole second. */
export const breath = (): Promise<void> =>
  new Promise((done) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      // An open one keeps Node from ending.
      port1.close()
      done()
    }
    port2.postMessage(0)
  })

// Tells the other tabs of this site, and hears them.

export type Message = { head: number } | { forgotten: string }

/** Without a name, as with a store in memory, there is nobody to tell. */
export function tabs(name: string | undefined, heard: (message: Message) => void): { tell(message: Message): void; stop(): void } {
  let channel: BroadcastChannel | undefined
  try {
    if (name) {
      channel = new BroadcastChannel(name)
      channel.onmessage = ({ data }) => heard(data as Message)
    }
  } catch {
    // Missing before Safari 15.4; tabs then follow when they are shown again. Firefox throws where the visitor has blocked cookies.
  }
  return {
    tell: (message) => channel?.postMessage(message),
    stop: () => {
      channel?.close()
      channel = undefined
    },
  }
}

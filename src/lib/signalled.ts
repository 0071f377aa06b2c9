// signalled(): does the browser say no in the visitor's name?

/** Global Privacy Control, or Do Not Track. A browser that throws when it is asked has something to hide from us. */
export function signalled(): boolean {
  try {
    const { navigator, doNotTrack } = globalThis as { navigator?: object; doNotTrack?: unknown }
    const { globalPrivacyControl, doNotTrack: own } = (navigator ?? {}) as { [signal: string]: unknown }
    return [globalPrivacyControl, own, doNotTrack].some((signal) => signal === true || signal === '1' || signal === 'yes')
  } catch {
    return true
  }
}

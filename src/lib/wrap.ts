// wrap(): hears of the calls of a method that belongs to somebody else.

type Method = (...args: never[]) => unknown

/** `after` gets the arguments once the call is done. Gives the undo. */
export function wrap<T extends object, K extends keyof T>(object: T, name: K, after: T[K] extends Method ? (...args: Parameters<T[K]>) => void : never): () => void {
  const had = Object.getOwnPropertyDescriptor(object, name)
  const original = object[name]
  let live = true
  const wrapper = function (this: unknown, ...args: never[]): unknown {
    const result = (original as Method).apply(this, args)
    if (live) (after as Method)(...args)
    return result
  }
  object[name] = wrapper as T[K]
  return () => {
    live = false
    // Somebody may have wrapped it after us: then theirs stays, and ours only passes the call on.
    if (object[name] !== wrapper) return
    if (had) object[name] = original
    else delete (object as Partial<T>)[name]
  }
}

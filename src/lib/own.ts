// Reads data that came from outside by own properties only, so that a polluted prototype or a key such as
// `constructor` can never answer.

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

// `Object.hasOwn` came with Safari 15.4.
const { hasOwnProperty: has } = Object.prototype

/** The object's own value of that name, never one that it inherits. */
export const own = <T>(object: { [key: string]: T } | null | undefined, key: string): T | undefined =>
  typeof object === 'object' && object !== null && has.call(object, key) ? object[key] : undefined

/** The value at a dotted path; null where there is none, as GrowthBook's conditions have it. */
export function at(object: unknown, path: string): unknown {
  let value = object
  for (const part of path.split('.')) {
    value = own(value as { [key: string]: unknown }, part)
    if (value === undefined) return null
  }
  return value
}

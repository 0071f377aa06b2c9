// Reads data that came from outside by own properties only, so that a polluted prototype or a key such as
// `constructor` can never answer.

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const own = (object: unknown, key: string): unknown =>
  typeof object === 'object' && object !== null && Object.prototype.hasOwnProperty.call(object, key)
    ? (object as Record<string, unknown>)[key]
    : undefined

/** The value at a dotted path; null where there is none, as GrowthBook's conditions have it. */
export function at(object: unknown, path: string): unknown {
  let value = object
  for (const part of path.split('.')) {
    value = own(value, part)
    if (value === undefined) return null
  }
  return value
}

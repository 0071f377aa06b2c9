// raise(): adds to a number in an array; gives what was there before.

export function raise(array: { [index: number]: number }, index: number, by = 1): number {
  const before = array[index] as number
  array[index] = before + by
  return before
}

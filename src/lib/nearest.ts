// "did you mean": the known name that is closest to a mistyped one.

/** By edit distance, at most about a third of the word away (`most`); two letters that changed places are two edits. */
export function nearest(word: string, names: readonly string[], most = Math.ceil(word.length / 3)): string | undefined {
  let best: string | undefined
  let least = most + 1
  for (const name of names) {
    let row = Array.from({ length: name.length + 1 }, (_, i) => i)
    for (let i = 1; i <= word.length; i++) {
      const next = [i]
      for (let j = 1; j <= name.length; j++) {
        const swap = (row[j - 1] as number) + (word[i - 1] === name[j - 1] ? 0 : 1)
        next[j] = Math.min(swap, (row[j] as number) + 1, (next[j - 1] as number) + 1)
      }
      row = next
    }
    const distance = row[name.length] as number
    if (distance < least) {
      least = distance
      best = name
    }
  }
  return best
}

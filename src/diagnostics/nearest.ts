/**
 * The candidate that a misspelt word most probably means, or nothing when none is close: at most a third of its
 * characters, and never more than three, may differ, or it is the beginning of the candidate. Case does not count.
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  return allNear(word, candidates)[0]
}

/** All that are close enough, the nearest first. */
export function allNear(word: string, candidates: readonly string[]): readonly string[] {
  const limit = Math.min(3, Math.max(1, Math.floor(word.length / 3)))
  return candidates
    .map((candidate) => ({ candidate, distance: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter((near) => near.distance <= limit)
    .sort((a, b) => a.distance - b.distance)
    .map(({ candidate }) => candidate)
}

const distance = (word: string, candidate: string): number =>
  word.length >= 3 && candidate.startsWith(word) ? 1 : editDistance(word, candidate)

/** Levenshtein distance: how many characters to insert, remove or replace. Long words count as far away. */
function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 3) return Number.POSITIVE_INFINITY
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1]
    for (const [j, other] of [...b].entries()) {
      const replaced = (row[j] ?? 0) + (letter === other ? 0 : 1)
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}

/** A substring that occurs at least twice: where one occurrence begins, its length, and how often it occurs. */
export type VisitSubstring = (start: number, length: number, frequency: number) => void

const BOUNDARY = 0

/**
 * Visits the substrings of `text` that occur more than once and are followed by at least two different characters: the inner nodes of
 * the suffix tree, which stand for all other repeated substrings (those are always followed by the same character).
 *
 * The suffixes are sorted as by multikey quicksort, no deeper than `maxLength`; a node shows when suffixes that were alike so far part.
 *
 * @param text code points; 0 separates words and is not part of a substring
 * @see Bentley and Sedgewick 1997, "Fast algorithms for sorting and searching strings"
 */
export function forEachRepeatedSubstring(
  text: Int32Array,
  minLength: number,
  maxLength: number,
  visit: VisitSubstring,
): void {
  const suffixes = new Int32Array(text.length)
  let count = 0
  for (let i = 0; i < text.length; i++) if (text[i] !== BOUNDARY) suffixes[count++] = i

  // Suffixes from `low` up to `high` are alike in their first `depth` characters.
  const visitAlike = (low: number, high: number, depth: number): void => {
    if (high - low < 2 || depth > maxLength) return
    const first = text[suffixes[low]! + depth]
    let parts = false
    for (let i = low + 1; i < high && !parts; i++) parts = text[suffixes[i]! + depth] !== first
    if (!parts) {
      if (first !== BOUNDARY) visitAlike(low, high, depth + 1)
      return
    }
    if (depth >= minLength) visit(suffixes[low]!, depth, high - low)
    if (depth < maxLength) part(low, high, depth)
  }

  const part = (low: number, high: number, depth: number): void => {
    while (high - low > 1) {
      const pivot = median(at(low, depth), at((low + high) >> 1, depth), at(high - 1, depth))
      let less = low
      let greater = high
      for (let i = low; i < greater; ) {
        const c = at(i, depth)
        if (c < pivot) swap(less++, i++)
        else if (c > pivot) swap(i, --greater)
        else i++
      }
      if (pivot !== BOUNDARY) visitAlike(less, greater, depth + 1)
      // The shorter side by recursion, so that the stack stays shallow.
      if (less - low < high - greater) {
        part(low, less, depth)
        low = greater
      } else {
        part(greater, high, depth)
        high = less
      }
    }
  }

  const at = (i: number, depth: number): number => text[suffixes[i]! + depth]!
  const swap = (i: number, j: number): void => {
    const kept = suffixes[i]!
    suffixes[i] = suffixes[j]!
    suffixes[j] = kept
  }

  visitAlike(0, count, 0)
}

const median = (a: number, b: number, c: number): number => Math.max(Math.min(a, b), Math.min(Math.max(a, b), c))

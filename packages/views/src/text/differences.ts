/** A part of a text, and whether it is only in this text and not in the other. */
export interface Part {
  readonly text: string
  readonly differs: boolean
}

/** Above this product of lengths, texts are not compared part by part. */
const LARGEST = 250_000
/** Share of common characters from which two words are spellings of one. */
const LIKE = 0.6
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/**
 * The differences of two texts by a longest common subsequence: of words, or of characters where neither text has a space.
 *
 * @returns the parts of each text in order
 */
export function differences(first: string, second: string): [first: Part[], second: Part[]] {
  const isWords = /\s/.test(first) || /\s/.test(second)
  const split = (text: string) =>
    isWords
      ? text.split(/(\s+)/).filter((part) => part !== '')
      : [...graphemes.segment(text)].map((each) => each.segment)
  const [a, b] = [split(first), split(second)]
  const pairs = a.length * b.length > LARGEST ? [] : commonPairs(a, b)
  // Two different words share letters by chance.
  const kept = !isWords && pairs.length < LIKE * Math.max(a.length, b.length) ? [] : pairs
  const keptOf = [new Set(kept.map(([i]) => i)), new Set(kept.map(([, j]) => j))]
  return [joined(a, keptOf[0]!), joined(b, keptOf[1]!)]
}

/** The pairs of places that a longest common subsequence of both joins. */
function commonPairs(a: readonly string[], b: readonly string[]): [number, number][] {
  const width = b.length + 1
  // lengths[i·width + j]: of the longest subsequence of a[i…] and b[j…]
  const lengths = new Uint32Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      lengths[i * width + j] =
        a[i] === b[j]
          ? lengths[(i + 1) * width + j + 1]! + 1
          : Math.max(lengths[(i + 1) * width + j]!, lengths[i * width + j + 1]!)
    }
  }
  const pairs: [number, number][] = []
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) pairs.push([i++, j++])
    else if (lengths[(i + 1) * width + j]! >= lengths[i * width + j + 1]!) i++
    else j++
  }
  return pairs
}

/** Neighbors that both differ, or both do not, as one part. */
function joined(parts: readonly string[], kept: ReadonlySet<number>): Part[] {
  const result: Part[] = []
  for (const [i, text] of parts.entries()) {
    const last = result.at(-1)
    // A space between two words that differ belongs to them.
    const isSpaceWithin = last?.differs === true && /^\s+$/.test(text) && i + 1 < parts.length && !kept.has(i + 1)
    const differs = !kept.has(i) || isSpaceWithin
    if (last?.differs === differs) result[result.length - 1] = { text: last.text + text, differs }
    else result.push({ text, differs })
  }
  return result
}

import { unitsAt } from '../unicode/code-point.ts'
/**
 * The sources of a rewritten text (see `AlignedText.derive`) from one change for each of its characters, as the Rust library counts
 * them: 0 replaces the next input character, -n also removes the n characters after it, and a positive change marks a new character,
 * which takes the source of the one before it.
 *
 * @param changes one for each code point of `output`
 */
export function changeSources(input: string, output: string, changes: ArrayLike<number>): Int32Array {
  const sources = new Int32Array(output.length)
  let at = 0
  for (let i = 0, k = 0; i < output.length; k++) {
    const change = changes[k]!
    const source = change > 0 ? at - 1 : at
    if (change <= 0) for (let n = 0; n <= -change && at < input.length; n++) at += unitsAt(input, at)
    const size = unitsAt(output, i)
    sources.fill(Math.min(source, input.length - 1), i, i + size)
    i += size
  }
  return sources
}

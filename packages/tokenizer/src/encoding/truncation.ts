import { HeddleError, show } from '@heddle/core'
import { Encoding } from './encoding.ts'
import { type Run, runLength, sliceRun } from './run.ts'

/** Settings for truncating encodings. */
export interface Truncation {
  /** Largest length of an encoding, special tokens included. */
  readonly maxLength: number
  /** Number of tokens that each overflowing part shares with the part before it. */
  readonly stride: number
  /** Text of a pair to cut. */
  readonly strategy: 'longest_first' | 'only_first' | 'only_second'
  /** Side to cut. */
  readonly direction: 'right' | 'left'
}

/**
 * Truncates an encoding, or a pair together, to `maxLength` tokens, `added` of which are reserved for special tokens.
 *
 * The share of each text of a pair depends on its first pre-tokens that reach `maxLength`, where the Rust library stops tokenizing (except
 * in the first text with `only_second`).
 *
 * @throws HeddleError `usage` when the strategy cannot reach that length
 */
export function truncateEncodings(encodings: readonly Encoding[], options: Truncation, added: number): Encoding[] {
  const { stride, strategy, direction } = options
  const maxLength = Math.max(0, options.maxLength - added)
  const cut = (encoding: Encoding, length: number) => truncateEncoding(encoding, length, stride, direction)
  if (maxLength === 0) return encodings.map((encoding) => cut(encoding, 0))
  const lengths = encodings.map((encoding, i) =>
    i === 0 && strategy === 'only_second' ? encoding.length : reachOf(encoding, options.maxLength, direction),
  )
  const excess = lengths.reduce((sum, length) => sum + length, 0) - maxLength
  if (excess > 0) shorten(lengths, excess, maxLength, strategy)
  return encodings.map((encoding, i) => cut(encoding, lengths[i]!))
}

function shorten(lengths: number[], excess: number, maxLength: number, strategy: Truncation['strategy']): void {
  const [first, second] = lengths as [number, number?]
  if (strategy === 'longest_first') {
    if (second === undefined) lengths[0] = maxLength
    else
      for (const [i, length] of sharedLengths(first, second, maxLength).entries())
        lengths[i] = Math.min(lengths[i]!, length)
    return
  }
  const target = strategy === 'only_first' ? 0 : 1
  const length = lengths[target]
  if (length === undefined || length <= excess) {
    throw new HeddleError(
      'usage',
      `truncation: expected ${strategy === 'only_first' ? 'the first' : 'a second'} text of more than ${excess} tokens to cut to maxLength ` +
        `${maxLength}, got ${length === undefined ? 'none' : length}. Use the strategy 'longest_first' or a larger maxLength.`,
    )
  }
  lengths[target] = length - excess
}

function reachOf(encoding: Encoding, limit: number, direction: 'right' | 'left'): number {
  let reach = 0
  for (const run of encoding.runs)
    reach += run.kind === 'text' ? run.source.reach(limit, direction === 'left') : runLength(run)
  return reach
}

/** The longer text is cut first; if both are too long, they share the length evenly and the longer one gets the odd token. */
function sharedLengths(a: number, b: number, maxLength: number): [number, number] {
  const swapped = a > b
  let short = Math.min(a, b)
  let long = short > maxLength ? short : Math.max(short, maxLength - short)
  if (short + long > maxLength) {
    short = Math.floor(maxLength / 2)
    long = short + (maxLength % 2)
  }
  return swapped ? [long, short] : [short, long]
}

/**
 * The first `maxLength` tokens (the last, for direction left); `overflowing` holds the rest in parts of the same length.
 *
 * @throws HeddleError `usage` when `stride` is not smaller than `maxLength`
 */
function truncateEncoding(
  encoding: Encoding,
  maxLength: number,
  stride: number,
  direction: 'right' | 'left',
): Encoding {
  const { length } = encoding
  if (maxLength >= length) return encoding
  if (maxLength === 0) return new Encoding([], [encoding])
  if (!(stride < maxLength)) {
    throw new HeddleError(
      'usage',
      `truncation: expected a stride smaller than the ${maxLength} tokens that are left for the text, got ${show(stride)}. Lower it.`,
    )
  }
  const parts: Encoding[] = []
  const step = maxLength - stride
  for (let at = 0; ; at += step) {
    const end = Math.min(at + maxLength, length)
    const [from, to] = direction === 'right' ? [at, end] : [length - end, length - at]
    parts.push(new Encoding(sliceRuns(encoding.runs, from, to)))
    if (end === length) break
  }
  return new Encoding(parts[0]!.runs, parts.slice(1))
}

function sliceRuns(runs: readonly Run[], from: number, to: number): Run[] {
  const slices: Run[] = []
  let at = 0
  for (const run of runs) {
    const end = at + runLength(run)
    if (end > from && at < to) slices.push(sliceRun(run, Math.max(from - at, 0), Math.min(to, end) - at))
    at = end
  }
  return slices
}

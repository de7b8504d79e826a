import * as schema from '../config/schema.ts'

/**
 * Treatment of delimiters: dropped, separate pre-tokens, part of the pre-token before or after, or (contiguous) separate pre-tokens in
 * which adjacent delimiters are joined.
 */
export const splitBehavior = schema.oneOf('Removed', 'Isolated', 'MergedWithPrevious', 'MergedWithNext', 'Contiguous')

export type SplitBehavior = schema.Output<typeof splitBehavior>

/**
 * Appends the pre-tokens of the text from `start` to `end` to `out`.
 *
 * @param matches start and end of each match of a pattern, in order
 * @param invert whether the matches are the text to keep and the text between them is the delimiter
 */
export function splitAt(
  matches: readonly number[],
  start: number,
  end: number,
  behavior: SplitBehavior,
  out: number[],
  invert = false,
): void {
  const joiner = new PreTokenJoiner(behavior, out)
  let at = start
  for (let i = 0; i < matches.length; i += 2) {
    if (at < matches[i]!) joiner.add(at, matches[i]!, invert)
    joiner.add(matches[i]!, matches[i + 1]!, !invert)
    at = matches[i + 1]!
  }
  if (at < end) joiner.add(at, end, invert)
  joiner.finish()
}

/** Joins the stretches of a text, delimiters and others, into pre-tokens. */
class PreTokenJoiner {
  readonly #behavior: SplitBehavior
  readonly #out: number[]
  // The current pre-token, which the next stretch may join.
  #start = -1
  #end = -1
  #endsInDelimiter = false

  constructor(behavior: SplitBehavior, out: number[]) {
    this.#behavior = behavior
    this.#out = out
  }

  add(start: number, end: number, isDelimiter: boolean): void {
    if (this.#behavior === 'Removed' && isDelimiter) return
    if (this.#start >= 0 && this.#joins(isDelimiter)) this.#end = end
    else {
      this.finish()
      this.#start = start
      this.#end = end
    }
    this.#endsInDelimiter = isDelimiter
  }

  finish(): void {
    if (this.#start < this.#end) this.#out.push(this.#start, this.#end)
    this.#start = -1
  }

  #joins(isDelimiter: boolean): boolean {
    switch (this.#behavior) {
      case 'MergedWithPrevious':
        return isDelimiter && !this.#endsInDelimiter
      case 'MergedWithNext':
        return !isDelimiter && this.#endsInDelimiter
      case 'Contiguous':
        return isDelimiter === this.#endsInDelimiter
      default:
        return false
    }
  }
}

import { periodicYield } from '@heddle/core'
import type { Normalizer, PreTokenizer, TrainingProgress } from '../pipeline/points.ts'
import { AlignedText } from '../text/aligned-text.ts'
import { PreTokens, type Spelling } from '../text/pre-tokens.ts'
import { textPieces } from '../text/text-pieces.ts'

/** Settings for splitting lines into the pre-tokens that a trainer counts. */
export interface TrainOptions {
  readonly normalizer?: Normalizer | undefined
  readonly preTokenizer?: PreTokenizer | undefined
  readonly onProgress?: ((progress: TrainingProgress) => void) | undefined
  /** Ends a training by `trainAsync` within some milliseconds, with the signal's reason; `train` cannot be stopped. */
  readonly signal?: AbortSignal | undefined
}

const LINES_PER_EVENT = 5000
/** UTF-16 units that are counted at once. */
const LONG_LINE = 1 << 16

/** Counts the pre-tokens of lines of text, in the order of their first occurrence. */
export function countPreTokens(lines: Iterable<string>, options: TrainOptions): Map<string, number> {
  const counter = new PreTokenCounter(options)
  for (const line of lines) {
    counter.count(line)
    counter.endLine()
  }
  return counter.finish()
}

/** `countPreTokens` for lines that arrive over time. */
export async function countPreTokensAsync(
  lines: AsyncIterable<string> | Iterable<string>,
  options: TrainOptions,
): Promise<Map<string, number>> {
  const counter = new PreTokenCounter(options)
  const yieldNow = periodicYield(options.signal)
  for await (const line of lines) {
    const isLong = line.length > LONG_LINE
    for (const piece of isLong ? textPieces(line, { size: LONG_LINE, unitsOf: counter.preTokensOf }) : [line]) {
      counter.count(piece)
      await yieldNow()
    }
    counter.endLine()
  }
  return counter.finish()
}

class PreTokenCounter {
  readonly #options: TrainOptions
  // Counted before spelling, so that each distinct pre-token is spelled once.
  readonly #counts = new Map<Spelling | undefined, Map<string, number>>()
  #lines = 0

  constructor(options: TrainOptions) {
    this.#options = options
  }

  /** The pre-tokens of a text, with its normalization. */
  readonly preTokensOf = (text: string): string[] => {
    const { text: source, bounds } = this.#split(text)
    return Array.from({ length: bounds.length / 2 }, (_, i) => source.text.slice(bounds[2 * i], bounds[2 * i + 1]))
  }

  #split(line: string): PreTokens {
    const { normalizer, preTokenizer } = this.#options
    const text = AlignedText.of(line)
    const whole = PreTokens.whole(normalizer === undefined ? text : normalizer.normalize(text))
    return preTokenizer === undefined ? whole : preTokenizer.preTokenize(whole)
  }

  /** Counts the pre-tokens of a line, or of a piece of one. */
  count(line: string): void {
    const { text: source, bounds, spelling } = this.#split(line)
    let counts = this.#counts.get(spelling)
    if (counts === undefined) this.#counts.set(spelling, (counts = new Map()))
    for (let i = 0; i < bounds.length; i += 2) {
      const preToken = source.text.slice(bounds[i], bounds[i + 1])
      const count = counts.get(preToken)
      counts.set(count === undefined ? detached(preToken) : preToken, (count ?? 0) + 1)
    }
  }

  endLine(): void {
    this.#lines++
    if (this.#lines % LINES_PER_EVENT === 0) {
      this.#options.onProgress?.({ stage: 'read lines', done: this.#lines })
    }
  }

  finish(): Map<string, number> {
    this.#options.onProgress?.({ stage: 'read lines', done: this.#lines, total: this.#lines })
    const plain = this.#counts.get(undefined)
    if (plain !== undefined && this.#counts.size === 1) return plain
    const all = new Map<string, number>(plain)
    for (const [spelling, counts] of this.#counts) {
      if (spelling === undefined) continue
      for (const [preToken, count] of counts) {
        const spelled = spelling.spell(preToken)
        all.set(spelled, (all.get(spelled) ?? 0) + count)
      }
    }
    return all
  }
}

const SLICE_LENGTH = 13

// V8 keeps a slice of 13 or more units as a view, which would keep the whole line in memory.
function detached(preToken: string): string {
  if (preToken.length < SLICE_LENGTH || preToken.length > 1024) return preToken
  const units = new Array<number>(preToken.length)
  for (let i = 0; i < preToken.length; i++) units[i] = preToken.charCodeAt(i)
  return String.fromCharCode(...units)
}

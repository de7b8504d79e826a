import type { RandomStream } from '@heddle/core'
import { padSequences } from '@heddle/data'
import { type ExampleReader, type LabeledBatch, labelIds, labelTensor, type TaggedSentence } from '@heddle/tasks'
import type { Encoding, Tokenizer } from '@heddle/tokenizer'
import * as tf from '@tensorflow/tfjs-core'
import { encodeWindows, paddingId } from '../fine-tuning/encoded-texts.ts'

// B sentences, R rows of tokens, T time, W words of a sentence

/** A token: row of the sentence, and place in the row. */
type TokenPlace = readonly [row: number, at: number]

/** A sentence as rows of token ids, and the tokens that have a label. */
export interface EncodedSubwords {
  readonly rows: readonly Int32Array[]
  /** First token of each word; in training with `'all'` every token of each. */
  readonly places: readonly TokenPlace[]
  readonly labels: readonly number[]
  /** All tokens of each word. */
  readonly tokens: readonly (readonly TokenPlace[])[]
}

export interface SubwordReaderOptions {
  readonly maxLength: number
  /** Number of tokens that the rows of a longer sentence share. */
  readonly stride: number
  /** Tokens of a word that learn its label. */
  readonly subwords: 'first' | 'all'
}

/**
 * Sentences as token ids [R, T], lengths [R] and the place of each word's first token [B, W]. A sentence that is longer than the model
 * reads has several rows, and each word is looked up where it has most context.
 */
export class SubwordReader implements ExampleReader<TaggedSentence, EncodedSubwords> {
  readonly augment?: (example: EncodedSubwords, rng: RandomStream) => EncodedSubwords
  readonly #tokenizer: Tokenizer
  readonly #labels: readonly string[]
  readonly #idOf: (label: string) => number
  readonly #options: SubwordReaderOptions

  constructor(tokenizer: Tokenizer, labels: readonly string[], options: SubwordReaderOptions) {
    this.#tokenizer = tokenizer
    this.#labels = labels
    this.#idOf = labelIds(labels)
    this.#options = options
    // Only training takes further tokens into account.
    if (options.subwords === 'all') this.augment = (example) => this.#withAllTokens(example)
  }

  labelsOf({ tags }: TaggedSentence): readonly string[] {
    return tags
  }

  encode({ words, tags, text = words.join(' ') }: TaggedSentence): EncodedSubwords {
    const { maxLength, stride } = this.#options
    const windows = encodeWindows(this.#tokenizer, [text], { maxLength, stride })
    const tokens = tokensOfWords(windows, wordRanges(words, text))
    return {
      rows: windows.map(({ ids }) => Int32Array.from(ids)),
      places: tokens.map(([first]) => first!),
      // A sentence to predict has no tags yet.
      labels: words.map((_, i) => this.#idOf(tags[i] ?? '')),
      tokens,
    }
  }

  /** The number of words, each of which gets a label. */
  length({ places }: EncodedSubwords): number {
    return places.length
  }

  collate(sentences: readonly EncodedSubwords[]): LabeledBatch {
    const { data, shape, lengths } = padSequences(
      sentences.flatMap(({ rows }) => rows),
      { value: paddingId(this.#tokenizer) },
    )
    const T = shape[1]
    let row = 0
    const places = padSequences(
      sentences.map(({ rows, places }) => {
        const first = row
        row += rows.length
        return places.map(([r, at]) => (first + r) * T + at)
      }),
      { value: 0 },
    )
    return {
      inputs: [
        tf.tensor2d(data, shape, 'int32'),
        tf.tensor1d(lengths, 'int32'),
        tf.tensor2d(places.data, places.shape, 'int32'),
      ],
      ...labelTensor(sentences, 'step'),
    }
  }

  /** The label of a word for all its tokens; after the first, `B-type` becomes `I-type`. */
  #withAllTokens(example: EncodedSubwords): EncodedSubwords {
    const inside = (id: number) => {
      const label = this.#labels[id]
      const other = label?.startsWith('B-') ? this.#labels.indexOf(`I-${label.slice(2)}`) : -1
      return other < 0 ? id : other
    }
    return {
      ...example,
      places: example.tokens.flat(),
      labels: example.tokens.flatMap((all, word) =>
        all.map((_, k) => (k === 0 ? example.labels[word]! : inside(example.labels[word]!))),
      ),
    }
  }
}

/** Ranges of words in a text, in UTF-16 units; the mark of a blank, which does not stand in it, is where the word before it ends. */
export function wordRanges(words: readonly string[], text: string): (readonly [start: number, end: number])[] {
  let at = 0
  return words.map((word) => {
    const start = Math.max(at, text.indexOf(word, at))
    at = start + word.length
    return [start, at]
  })
}

/**
 * The tokens of each word, in the row in which the word has most context. A word without any, such as a control character, has the
 * first token of the text.
 */
function tokensOfWords(
  windows: readonly Encoding[],
  ranges: readonly (readonly [number, number])[],
): (readonly TokenPlace[])[] {
  const best: { tokens: TokenPlace[]; begin: number; context: number }[] = ranges.map(() => ({
    ...{ tokens: [[0, 0]], begin: Number.POSITIVE_INFINITY, context: -1 },
  }))
  for (const [row, { offsets, specialTokensMask, length }] of windows.entries()) {
    let word = 0
    let found: TokenPlace[] = []
    let begin = 0
    const keep = () => {
      if (found.length === 0) return
      const context = Math.min(found[0]![1], length - 1 - found.at(-1)![1])
      const known = best[word]!
      // A row that starts within the word lacks its first token.
      if (begin < known.begin || (begin === known.begin && context > known.context)) {
        best[word] = { tokens: found, begin, context }
      }
      found = []
    }
    for (const [at, [start, end]] of offsets.entries()) {
      if (specialTokensMask[at] === 1 || start === end) continue
      while (word < ranges.length && ranges[word]![1] <= start) {
        keep()
        word++
      }
      if (word === ranges.length) break
      if (end <= ranges[word]![0]) continue
      if (found.length === 0) begin = Math.max(start, ranges[word]![0])
      found.push([row, at])
    }
    if (word < ranges.length) keep()
  }
  return best.map(({ tokens }) => tokens)
}

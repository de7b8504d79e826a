import type { RandomStream } from '@heddle/core'
import type { Tokenizer } from '@heddle/tokenizer'
import type { ExampleSize } from '../check/facts.ts'
import { measureTexts } from '../check/measure-texts.ts'
import { type LabeledBatch, type LabeledSequence, tokenBatch } from '../labeling/labeled-batch.ts'
import type { ExampleReader } from '../labeling/labeling.ts'
import { labelIds } from '../labeling/labels.ts'
import { listOf, singleLabel } from './text-labels.ts'

/** A text with its label, or the list of its labels, which may be empty; or a pair of texts with theirs. */
export interface LabeledText {
  readonly text: string
  /** The second text of a pair. */
  readonly pair?: string
  readonly label: string | readonly string[]
}

/** Labeled texts as token ids. */
export class TextReader implements ExampleReader<LabeledText, LabeledSequence> {
  readonly augment?: (example: LabeledSequence, rng: RandomStream) => LabeledSequence
  readonly #tokenizer: Tokenizer
  readonly #idOf: (label: string) => number
  readonly #maxLength: number
  readonly #unknown: number
  readonly #padding: number
  readonly #isMultiLabel: boolean

  constructor(
    tokenizer: Tokenizer,
    labels: readonly string[],
    {
      maxLength,
      tokenDropout,
      isMultiLabel = false,
    }: { readonly maxLength: number; readonly tokenDropout: number; readonly isMultiLabel?: boolean },
  ) {
    this.#isMultiLabel = isMultiLabel
    this.#tokenizer = tokenizer
    this.#idOf = labelIds(labels)
    this.#maxLength = maxLength
    this.#unknown = tokenizer.tokenToId('<unk>') ?? tokenizer.tokenToId('[UNK]') ?? 0
    this.#padding = tokenizer.tokenToId('<pad>') ?? tokenizer.tokenToId('[PAD]') ?? 0
    // A tokenizer that puts special tokens around a text leaves room for them where it cuts.
    if (tokenizer.postProcessor !== undefined) tokenizer.enableTruncation({ maxLength })
    if (tokenDropout > 0) {
      const hidden = tokenizer.specialId('mask') ?? tokenizer.tokenToId('[MASK]') ?? this.#unknown
      const dropped = (id: number, rng: RandomStream) => rng.uniform() < tokenDropout && !tokenizer.isSpecial(id)
      this.augment = ({ input, ...rest }, rng) => ({
        ...rest,
        input: Array.from(input, (id) => (dropped(id, rng) ? hidden : id)),
      })
    }
  }

  labelsOf({ label }: LabeledText): readonly string[] {
    return this.#isMultiLabel ? listOf(label) : [singleLabel(label)]
  }

  encode(example: LabeledText): LabeledSequence {
    const { text, pair } = example
    const labels = this.labelsOf(example).map(this.#idOf)
    if (pair !== undefined) {
      const { ids, typeIds } = this.#tokenizer.encode(text, pair)
      if (ids.length > 0) {
        return { input: ids.slice(0, this.#maxLength), segments: typeIds.slice(0, this.#maxLength), labels }
      }
    }
    const ids = this.#tokenizer.encodeIds(text).slice(0, this.#maxLength)
    // An empty text still has a step to read.
    return { input: ids.length > 0 ? ids : [this.#unknown], labels }
  }

  /** Counts the tokens of an example before it is cut. */
  measure({ text, pair }: LabeledText): ExampleSize {
    return measureTexts(this.#tokenizer, pair === undefined ? [text] : [text, pair])
  }

  collate(examples: readonly LabeledSequence[]): LabeledBatch {
    return tokenBatch(examples, 'sequence', this.#padding)
  }

  length({ input }: LabeledSequence): number {
    return input.length
  }
}

import type { RandomStream } from '@heddle/core'
import type { Tokenizer } from '@heddle/tokenizer'
import { type LabeledBatch, type LabeledSequence, tokenBatch } from '../labeling/labeled-batch.ts'
import type { ExampleReader } from '../labeling/labeling.ts'
import { labelIds } from '../labeling/labels.ts'

/** A text with its label. */
export interface LabeledText {
  readonly text: string
  readonly label: string
}

/** Labeled texts as token ids. */
export class TextReader implements ExampleReader<LabeledText, LabeledSequence> {
  readonly augment?: (example: LabeledSequence, rng: RandomStream) => LabeledSequence
  readonly #tokenizer: Tokenizer
  readonly #idOf: (label: string) => number
  readonly #maxLength: number
  readonly #unknown: number

  constructor(
    tokenizer: Tokenizer,
    labels: readonly string[],
    { maxLength, tokenDropout }: { readonly maxLength: number; readonly tokenDropout: number },
  ) {
    this.#tokenizer = tokenizer
    this.#idOf = labelIds(labels)
    this.#maxLength = maxLength
    this.#unknown = tokenizer.tokenToId('<unk>')!
    if (tokenDropout > 0) {
      this.augment = ({ input, labels }, rng) => ({
        input: Array.from(input, (id) => (rng.uniform() < tokenDropout ? this.#unknown : id)),
        labels,
      })
    }
  }

  labelsOf({ label }: LabeledText): readonly string[] {
    return [label]
  }

  encode({ text, label }: LabeledText): LabeledSequence {
    const ids = this.#tokenizer.encodeIds(text).slice(0, this.#maxLength)
    // An empty text still has a step to read.
    return { input: ids.length > 0 ? ids : [this.#unknown], labels: [this.#idOf(label)] }
  }

  collate(examples: readonly LabeledSequence[]): LabeledBatch {
    return tokenBatch(examples, 'sequence', this.#tokenizer.tokenToId('<pad>')!)
  }

  length({ input }: LabeledSequence): number {
    return input.length
  }
}

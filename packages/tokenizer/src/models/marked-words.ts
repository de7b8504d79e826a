import { HeddleError, type PartSpec, show } from '@heddle/core'
import * as schema from '../config/schema.ts'
import type { TokenBuffer } from '../encoding/token-buffer.ts'
import { type Model, tokenizerModelPoint } from '../pipeline/points.ts'
import { Vocabulary } from '../pipeline/vocabulary.ts'

const MARK = '\u2581'

export interface MarkedWordsOptions {
  readonly unkToken: string
  /** Whether words end with the mark instead of starting with it. Default false. */
  readonly suffix?: boolean
  /** Ids that text never becomes, such as control symbols. Default none. */
  readonly unmatched?: readonly number[]
}

/**
 * The word model of SentencePiece: words start with U+2581 and are one token each; consecutive unknown words are one token.
 *
 * Hugging Face's format has no such model; tokenizer.json names it `MarkedWords`.
 */
export class MarkedWords implements Model {
  // Tokens depend on neighbors: unknown words are joined.
  readonly cacheable = false
  readonly #vocabulary: Vocabulary
  readonly #options: Required<MarkedWordsOptions>
  readonly #unkId: number

  /** @throws HeddleError `config` if the vocabulary lacks the unknown token */
  constructor(vocabulary: Vocabulary, options: MarkedWordsOptions) {
    this.#vocabulary = vocabulary
    this.#options = { suffix: false, unmatched: [], ...options }
    const unkId = vocabulary.id(options.unkToken)
    if (unkId === undefined) {
      throw new HeddleError(
        'config',
        `MarkedWords: expected the unknown token ${show(options.unkToken)} in the vocabulary, got none. Add it.`,
      )
    }
    this.#unkId = unkId
  }

  tokenize(text: string, out: TokenBuffer): void {
    let unknown = -1
    const flush = (end: number) => {
      if (unknown >= 0) out.push(this.#unkId, unknown, end)
      unknown = -1
    }
    for (let start = 0; start < text.length; ) {
      const mark = text.indexOf(MARK, this.#options.suffix ? start : start + 1)
      const end = mark < 0 ? text.length : this.#options.suffix ? mark + 1 : mark
      const id = this.#vocabulary.id(text.slice(start, end))
      if (id === undefined || id === this.#unkId || this.#options.unmatched.includes(id)) {
        if (unknown < 0) unknown = start
      } else {
        flush(start)
        out.push(id, start, end)
      }
      start = end
    }
    flush(text.length)
  }

  tokenToId(token: string): number | undefined {
    return this.#vocabulary.id(token)
  }

  idToToken(id: number): string | undefined {
    return this.#vocabulary.token(id)
  }

  get vocabSize(): number {
    return this.#vocabulary.size
  }

  vocabulary(): Map<string, number> {
    return this.#vocabulary.toMap()
  }

  toJSON(): PartSpec {
    const { unkToken, suffix, unmatched } = this.#options
    return { type: 'MarkedWords', unk_token: unkToken, suffix, unmatched, vocab: this.#vocabulary.toJSON() }
  }
}

export const markedWords = tokenizerModelPoint.of({
  name: 'MarkedWords',
  summary: 'words that start with a marker are one token each',
  config: schema.strictObject({
    vocab: schema.unknown(),
    unk_token: schema.string(),
    suffix: schema.boolean().default(false),
    unmatched: schema.array(schema.integer(0)).default([]),
  }),
  create: (config) =>
    new MarkedWords(Vocabulary.fromJSON('MarkedWords.vocab', config.vocab), {
      unkToken: config.unk_token,
      suffix: config.suffix,
      unmatched: config.unmatched,
    }),
})

import { HeddleError, type PartSpec, show } from '@heddle/core'
import * as schema from '../config/schema.ts'
import type { TokenBuffer } from '../encoding/token-buffer.ts'
import { type Model, tokenizerModelPoint } from '../pipeline/points.ts'
import { Vocabulary } from '../pipeline/vocabulary.ts'

/** Each pre-token is one token; unknown pre-tokens become the unknown token. */
export class WordLevel implements Model {
  readonly cacheable = false
  readonly unkToken: string
  readonly #vocabulary: Vocabulary

  constructor(vocabulary: Vocabulary, options: { unkToken?: string } = {}) {
    this.#vocabulary = vocabulary
    this.unkToken = options.unkToken ?? '<unk>'
  }

  tokenize(preToken: string, out: TokenBuffer): void {
    const id = this.#vocabulary.id(preToken) ?? this.#vocabulary.id(this.unkToken)
    if (id === undefined) {
      throw new HeddleError(
        'usage',
        `WordLevel: expected a known word or an unknown token ${show(this.unkToken)} in the vocabulary, got ${show(preToken)}. ` +
          'Add the unknown token to the vocabulary.',
      )
    }
    out.push(id, 0, preToken.length)
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
    return { type: 'WordLevel', vocab: this.#vocabulary.toJSON(), unk_token: this.unkToken }
  }
}

export const wordLevel = tokenizerModelPoint.of({
  name: 'WordLevel',
  summary: 'each pre-token is one token',
  config: schema.strictObject({ vocab: schema.unknown(), unk_token: schema.string().default('<unk>') }),
  create: (config) =>
    new WordLevel(Vocabulary.fromJSON('WordLevel.vocab', config.vocab), { unkToken: config.unk_token }),
})

import { HeddleError, type PartSpec, show } from '@heddle/core'
import * as schema from '../config/schema.ts'
import type { TokenBuffer } from '../encoding/token-buffer.ts'
import { type Model, tokenizerModelPoint } from '../pipeline/points.ts'
import { Vocabulary } from '../pipeline/vocabulary.ts'
import { unitsAt } from '../unicode/code-point.ts'

/**
 * Each character (code point) is one token.
 *
 * Hugging Face's format has no such model; tokenizer.json names it `Char`.
 */
export class Char implements Model {
  readonly cacheable = false
  readonly unkToken: string | null
  readonly #vocabulary: Vocabulary

  /** @param options.unkToken token for unknown characters; without it, an unknown character is an error */
  constructor(vocabulary: Vocabulary, options: { unkToken?: string | null } = {}) {
    this.#vocabulary = vocabulary
    this.unkToken = options.unkToken ?? null
    if (this.unkToken !== null && !vocabulary.has(this.unkToken)) {
      throw new HeddleError(
        'config',
        `Char: expected the unknown token ${show(this.unkToken)} in the vocabulary. Add it, or leave it out.`,
      )
    }
  }

  tokenize(preToken: string, out: TokenBuffer): void {
    const unknown = this.unkToken === null ? undefined : this.#vocabulary.id(this.unkToken)
    for (let i = 0; i < preToken.length; ) {
      const end = i + unitsAt(preToken, i)
      const character = preToken.slice(i, end)
      const id = this.#vocabulary.id(character) ?? unknown
      if (id === undefined) {
        throw new HeddleError(
          'data',
          `Char: expected characters of the vocabulary, got ${show(character)} at ${i}. Train on text that has it, or give an unknown token.`,
        )
      }
      out.push(id, i, end)
      i = end
    }
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
    return { type: 'Char', vocab: this.#vocabulary.toJSON(), unk_token: this.unkToken }
  }
}

export const char = tokenizerModelPoint.of({
  name: 'Char',
  summary: 'each character is one token',
  config: schema.strictObject({ vocab: schema.unknown(), unk_token: schema.string().nullable().default(null) }),
  create: (config) => new Char(Vocabulary.fromJSON('Char.vocab', config.vocab), { unkToken: config.unk_token }),
})

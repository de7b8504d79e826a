import { HeddleError, type RandomStream } from '@heddle/core'
import type { Module } from '@heddle/layers'
import { bitsPerCharacter, perplexity } from '@heddle/metrics'
import type { Tokenizer } from '@heddle/tokenizer'
import { continuations, continueText } from '../char-lm/continue-text.ts'
import { corpusIds } from '../char-lm/text-corpus.ts'
import type { Exhibit } from '../exhibit.ts'
import type { Abilities, FittedPipeline, GenerateOptions, Generator } from '../recipe.ts'
import type { NgramLanguageModel } from './ngram-language-model.ts'

const SHOWN_LENGTH = 400

/** Text, character by character, through a counted model. */
export class NgramPipeline implements FittedPipeline<string>, Generator {
  readonly abilities: Abilities = { generator: this }
  readonly #model: NgramLanguageModel
  readonly #tokenizer: Tokenizer

  constructor(model: Module, tokenizer: Tokenizer) {
    if (!('count' in model && 'counted' in model)) {
      throw new HeddleError(
        'config',
        `ngram-lm: expected a model that counts n-grams, got ${model.constructor.name}. Use 'ngram-lm'.`,
      )
    }
    this.#model = model as NgramLanguageModel
    this.#tokenizer = tokenizer
  }

  async fit(train: readonly string[], validation: readonly string[]): Promise<Record<string, number>> {
    this.#model.count(corpusIds(this.#tokenizer, train))
    return this.evaluate(validation)
  }

  save(): Uint8Array {
    return this.#model.counted.toBytes()
  }

  load(bytes: Uint8Array, file: string): void {
    this.#model.load(bytes, file)
  }

  async evaluate(texts: readonly string[]): Promise<Record<string, number>> {
    const { counted } = this.#model
    const { logProbability, numTokens } = counted.evaluate([corpusIds(this.#tokenizer, texts)])
    return {
      loss: -logProbability / numTokens,
      bitsPerCharacter: bitsPerCharacter(-logProbability, numTokens),
      perplexity: perplexity(-logProbability, numTokens),
      characters: numTokens,
      ngrams: counted.numNgrams.reduce((sum, count) => sum + count, 0),
    }
  }

  demonstrate(texts: readonly string[], rng: RandomStream): Promise<Exhibit[]> {
    return continuations(this, texts[0]!, SHOWN_LENGTH, rng)
  }

  generate(options: GenerateOptions): Promise<string> {
    return continueText(this.#model, this.#tokenizer, options)
  }
}

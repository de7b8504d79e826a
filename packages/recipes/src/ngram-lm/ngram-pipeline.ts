import { HeddleError, type RandomStream } from '@heddle/core'
import { forbidTokens, sample } from '@heddle/decoding'
import type { Module } from '@heddle/layers'
import { bitsPerCharacter, perplexity } from '@heddle/metrics'
import type { Tokenizer } from '@heddle/tokenizer'
import * as tf from '@tensorflow/tfjs-core'
import type { Exhibit } from '../exhibit.ts'
import type { Abilities, FittedPipeline, GenerateOptions, Generator } from '../recipe.ts'
import type { NgramLanguageModel } from './ngram-language-model.ts'

const SHOWN_LENGTH = 400
const SHOWN_TEMPERATURES = [0.5, 0.8, 1]

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
    this.#model.count(this.#ids(train))
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
    const { logProbability, numTokens } = counted.evaluate([this.#ids(texts)])
    return {
      loss: -logProbability / numTokens,
      bitsPerCharacter: bitsPerCharacter(-logProbability, numTokens),
      perplexity: perplexity(-logProbability, numTokens),
      characters: numTokens,
      ngrams: counted.numNgrams.reduce((sum, count) => sum + count, 0),
    }
  }

  async demonstrate(texts: readonly string[], rng: RandomStream): Promise<Exhibit[]> {
    const prompt = texts[0]!.slice(0, 200).split('\n').slice(0, 2).join('\n').slice(0, 60)
    const exhibits: Exhibit[] = []
    for (const temperature of SHOWN_TEMPERATURES) {
      const text = await this.generate({ prompt, length: SHOWN_LENGTH, temperature, rng })
      exhibits.push({ kind: 'text', title: `Temperature ${temperature}`, prompt, text })
    }
    return exhibits
  }

  async generate({ prompt, length, temperature, topK, topP, rng, onText }: GenerateOptions): Promise<string> {
    const tokenizer = this.#tokenizer
    const unknown = tokenizer.tokenToId('<unk>')
    const state = this.#model.initialState(1)
    const stream = tokenizer.decodeStream()
    try {
      const [decoded] = await sample(this.#model, state, {
        prompt: tokenizer.encodeIds(prompt === '' ? '\n' : prompt),
        batchSize: 1,
        maxLength: length,
        temperature,
        ...(topK !== undefined && { topK }),
        ...(topP !== undefined && { topP }),
        ...(unknown !== undefined && { processors: [forbidTokens([unknown])] }),
        rng,
        onToken: ({ token }) => {
          const text = stream.push(token)
          if (text !== undefined) onText?.(text)
        },
      })
      return tokenizer.decode(decoded!.ids)
    } finally {
      tf.dispose(state.context)
    }
  }

  #ids(texts: readonly string[]): Int32Array {
    return Int32Array.from(texts.flatMap((text) => this.#tokenizer.encodeIds(text)))
  }
}

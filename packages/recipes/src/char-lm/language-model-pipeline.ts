import { HeddleError, type RandomStream } from '@heddle/core'
import { RandomWindows, StreamBatcher } from '@heddle/data'
import type { StepModel } from '@heddle/decoding'
import { type Module, setTraining } from '@heddle/layers'
import { bitsPerCharacter, perplexity } from '@heddle/metrics'
import type { Tokenizer } from '@heddle/tokenizer'
import { type BatchSource, validate } from '@heddle/trainer'
import type { Exhibit } from '../exhibit.ts'
import type { Abilities, GenerateOptions, Generator, Pipeline } from '../recipe.ts'
import { continuations, continueText } from './continue-text.ts'
import { LanguageModelTask, type StatefulLanguageModel, type TextWindow } from './language-model-task.ts'
import { corpusIds } from './text-corpus.ts'

/** Streams that held-out text is read in side by side. */
const VALIDATION_STREAMS = 32

export interface LanguageModelSettings {
  readonly batchSize: number
  readonly time: number
  readonly windows: 'stream' | 'random'
  readonly sampleLength: number
}

/** Text, character by character, through a recurrent language model. */
export class LanguageModelPipeline implements Pipeline<string, TextWindow>, Generator {
  readonly task: LanguageModelTask
  readonly abilities: Abilities = { generator: this }
  readonly #model: StatefulLanguageModel & StepModel<unknown>
  readonly #tokenizer: Tokenizer
  readonly #settings: LanguageModelSettings

  constructor(model: Module, tokenizer: Tokenizer, settings: LanguageModelSettings) {
    if (!('initialState' in model && 'step' in model)) {
      throw new HeddleError(
        'config',
        `char-lm: expected a model with initialState and step, got ${model.constructor.name}. Use a language model.`,
      )
    }
    this.#model = model as unknown as StatefulLanguageModel & StepModel<unknown>
    this.#tokenizer = tokenizer
    this.#settings = settings
    this.task = new LanguageModelTask(this.#model)
  }

  trainingBatches(texts: readonly string[], rng: RandomStream): BatchSource<TextWindow> {
    const { batchSize, time, windows } = this.#settings
    const ids = corpusIds(this.#tokenizer, texts)
    const source =
      windows === 'stream'
        ? new StreamBatcher(ids, { batchSize, time })
        : new RandomWindows(ids, { batchSize, time, rng })
    return {
      next: () => [source.next()],
      get epoch() {
        return source.epoch
      },
      batchesPerEpoch: source instanceof StreamBatcher ? source.chunksPerEpoch : source.batchesPerEpoch,
      state: () => source.state(),
      restore: (state) => source.restore(state),
    }
  }

  *validationBatches(texts: readonly string[]): Iterable<TextWindow[]> {
    const ids = corpusIds(this.#tokenizer, texts)
    // A short text is read in fewer streams, of at least a window each.
    const batchSize = Math.max(1, Math.min(VALIDATION_STREAMS, Math.floor(ids.length / this.#settings.time)))
    const stream = new StreamBatcher(ids, { batchSize, time: this.#settings.time })
    for (let i = 0; i < stream.chunksPerEpoch; i++) yield [stream.next()]
  }

  async evaluate(texts: readonly string[]): Promise<Record<string, number>> {
    const batches = this.validationBatches(texts)
    const { loss } = await validate({ model: this.#model, objective: this.task, batches, step: 0 })
    setTraining(this.#model, false)
    return {
      loss: loss!,
      bitsPerCharacter: bitsPerCharacter(loss!, 1),
      perplexity: perplexity(loss!, 1),
      characters: texts.reduce((sum, text) => sum + text.length, 0),
    }
  }

  demonstrate(texts: readonly string[], rng: RandomStream): Promise<Exhibit[]> {
    return continuations(this, texts[0]!, this.#settings.sampleLength, rng)
  }

  generate(options: GenerateOptions): Promise<string> {
    setTraining(this.#model, false)
    return continueText(this.#model, this.#tokenizer, options)
  }
}

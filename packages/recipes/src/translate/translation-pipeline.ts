import { HeddleError, type RandomStream } from '@heddle/core'
import { BatchSampler, batchesByLength } from '@heddle/data'
import { beamSearch, type Decoded, greedy, type StepModel } from '@heddle/decoding'
import { type Module, setTraining } from '@heddle/layers'
import { bleu, chrf } from '@heddle/metrics'
import type { Tokenizer } from '@heddle/tokenizer'
import { validate } from '@heddle/trainer'
import * as tf from '@tensorflow/tfjs-core'
import type { Exhibit } from '../exhibit.ts'
import type { Abilities, EvaluateOptions, Pipeline, Translation, Translator } from '../recipe.ts'
import type { SentencePair } from './grammar.ts'
import {
  type EncodedPair,
  type SpecialIds,
  sourceBatch,
  type TeachableModel,
  TranslationTask,
} from './translation-task.ts'

/** Decoded at once; sentences of like length share a batch. */
const DECODING_BATCH = 128
/** Validation sentences that are decoded at each validation. */
const DECODED_IN_VALIDATION = 200
const SHOWN_SAMPLES = 12
const SHOWN_MAPS = 6

/** What the pipeline asks of a model besides training: reading a source, then writing step by step. */
interface TranslatingModel<S = unknown> extends TeachableModel, StepModel<S> {
  encode(source: tf.Tensor, lengths: tf.Tensor): S
}

export interface TranslationSettings {
  readonly batchSize: number
  readonly maxLength: number
  readonly labelSmoothing: number
}

/** Text to text through an encoder-decoder. */
export class TranslationPipeline implements Pipeline<SentencePair, EncodedPair>, Translator {
  readonly task: TranslationTask
  readonly abilities: Abilities = { translator: this }
  readonly #model: TranslatingModel
  readonly #source: Tokenizer
  readonly #target: Tokenizer
  readonly #settings: TranslationSettings
  readonly #special: SpecialIds

  constructor(model: Module, source: Tokenizer, target: Tokenizer, settings: TranslationSettings) {
    if (!('encode' in model && 'step' in model)) {
      throw new HeddleError(
        'config',
        `translate: expected a model with encode and step, got ${model.constructor.name}. Use an encoder-decoder.`,
      )
    }
    this.#model = model as unknown as TranslatingModel
    this.#source = source
    this.#target = target
    this.#settings = settings
    this.#special = { pad: idOf(target, '<pad>'), start: idOf(target, '<sos>'), end: idOf(target, '<eos>') }
    this.task = new TranslationTask(this.#model, this.#special, settings.labelSmoothing)
  }

  trainingBatches(examples: readonly SentencePair[], rng: RandomStream): BatchSampler<EncodedPair> {
    const { batchSize } = this.#settings
    return new BatchSampler(this.#encode(examples), {
      batchSize: Math.min(batchSize, examples.length),
      length: ({ source, target }) => source.length + target.length,
      dropLast: true,
      rng,
    })
  }

  validationBatches(examples: readonly SentencePair[]): Iterable<EncodedPair[]> {
    return batchesByLength(this.#encode(examples), { batchSize: DECODING_BATCH, length: ({ source }) => source.length })
  }

  async validate(examples: readonly SentencePair[]): Promise<Record<string, number>> {
    const some = examples.slice(0, DECODED_IN_VALIDATION)
    return { exactMatch: exactMatch(await this.#greedy(some.map(({ source }) => source)), some) }
  }

  async evaluate(examples: readonly SentencePair[], options: EvaluateOptions = {}): Promise<Record<string, number>> {
    const predictions = await this.#greedy(
      examples.map(({ source }) => source),
      options,
    )
    const references = examples.map(({ target }) => target)
    const { loss, tokenAccuracy } = await validate({
      model: this.#model,
      task: this.task,
      batches: this.validationBatches(examples),
      step: 0,
    })
    setTraining(this.#model, false)
    return {
      exactMatch: exactMatch(predictions, examples),
      tokenAccuracy: tokenAccuracy!,
      chrf: chrf(predictions, references),
      bleu: bleu(predictions, references).bleu,
      loss: loss!,
      examples: examples.length,
    }
  }

  async demonstrate(examples: readonly SentencePair[], rng: RandomStream): Promise<Exhibit[]> {
    const shown = rng.shuffled(examples).slice(0, SHOWN_SAMPLES)
    const maxLength = this.#settings.maxLength
    const translations = await this.translate(
      shown.map(({ source }) => source),
      { beamWidth: 1, maxLength },
    )
    const samples = shown.map(({ source, target }, i) => ({
      input: source,
      output: translations[i]!.text,
      expected: target,
    }))
    const maps = translations
      .map(({ attention }) => attention)
      .filter((attention) => attention !== undefined)
      // The longest are the most telling.
      .sort((a, b) => b.source.length - a.source.length)
      .slice(0, SHOWN_MAPS)
    return [
      { kind: 'samples', title: 'Unseen sentences', samples },
      ...maps.map((map): Exhibit => ({ kind: 'attention', title: map.source.join(' '), ...map })),
    ]
  }

  async translate(
    texts: readonly string[],
    { beamWidth, maxLength }: { beamWidth: number; maxLength: number },
  ): Promise<Translation[]> {
    setTraining(this.#model, false)
    const sources = texts.map((text) => this.#sourceIds(text))
    const translations: Translation[] = []
    for (let at = 0; at < texts.length; at += DECODING_BATCH) {
      const batch = sources.slice(at, at + DECODING_BATCH)
      for (const [i, decoded] of (await this.#decode(batch, { beamWidth, maxLength, attention: true })).entries()) {
        translations.push(this.#translation(batch[i]!, decoded))
      }
    }
    return translations
  }

  #translation(source: readonly number[], { ids, logProbability, attention, finished }: Decoded): Translation {
    const text = this.#target.decode(ids)
    if (attention === undefined || attention.length === 0) return { text, logProbability }
    const rows = finished ? [...ids, this.#special.end] : ids
    return {
      text,
      logProbability,
      attention: {
        source: source.map((id) => pieceOf(this.#source, id)),
        target: rows.slice(0, attention.length).map((id) => pieceOf(this.#target, id)),
        weights: attention.map((row) => [...row.subarray(0, source.length)]),
      },
    }
  }

  /** Greedy translations in the order of the texts. */
  async #greedy(texts: readonly string[], { onProgress, signal }: EvaluateOptions = {}): Promise<string[]> {
    setTraining(this.#model, false)
    const sources = texts.map((text, index) => ({ index, ids: this.#sourceIds(text) }))
    sources.sort((a, b) => a.ids.length - b.ids.length)
    const result = new Array<string>(texts.length)
    for (let at = 0; at < sources.length; at += DECODING_BATCH) {
      signal?.throwIfAborted()
      const batch = sources.slice(at, at + DECODING_BATCH)
      const decoded = await this.#decode(
        batch.map(({ ids }) => ids),
        { beamWidth: 1, maxLength: this.#settings.maxLength, attention: false },
      )
      for (const [i, { ids }] of decoded.entries()) result[batch[i]!.index] = this.#target.decode(ids)
      onProgress?.(at + batch.length, sources.length)
    }
    return result
  }

  async #decode(
    sources: readonly (readonly number[])[],
    { beamWidth, maxLength, attention }: { beamWidth: number; maxLength: number; attention: boolean },
  ): Promise<Decoded[]> {
    const { pad, start, end } = this.#special
    const batch = sourceBatch(sources, pad)
    const state = tf.tidy(() => this.#model.encode(batch.source, batch.lengths) as tf.TensorContainer)
    const options = { start, end, maxLength, batchSize: sources.length, attention }
    try {
      if (beamWidth === 1) return await greedy(this.#model, state as unknown, options)
      const found = await beamSearch(this.#model, state as unknown, { ...options, width: beamWidth })
      return found.map(([best]) => best!)
    } finally {
      tf.dispose([batch.source, batch.lengths, state])
    }
  }

  #encode(examples: readonly SentencePair[]): EncodedPair[] {
    return examples.map(({ source, target }) => ({
      source: this.#sourceIds(source),
      target: this.#target.encodeIds(target),
    }))
  }

  #sourceIds(text: string): number[] {
    return [...this.#source.encodeIds(text), idOf(this.#source, '<eos>')]
  }
}

function exactMatch(predictions: readonly string[], examples: readonly SentencePair[]): number {
  // A source that stands in the data with several targets is right with any of them.
  const targets = new Map<string, Set<string>>()
  for (const { source, target } of examples) {
    const known = targets.get(source) ?? new Set()
    targets.set(source, known.add(normalised(target)))
  }
  const right = examples.filter(({ source }, i) => targets.get(source)!.has(normalised(predictions[i]!)))
  return examples.length === 0 ? 0 : right.length / examples.length
}

const normalised = (text: string) => text.normalize('NFC').replace(/\s+/gu, ' ').trim()

function idOf(tokenizer: Tokenizer, token: string): number {
  const id = tokenizer.tokenToId(token)
  if (id === undefined) {
    throw new HeddleError(
      'format',
      `translate: expected a tokenizer with the token ${token}, got one without. Train the run again.`,
    )
  }
  return id
}

/** A token as a reader wants to see it, without the mark that says where it touches its neighbour. */
function pieceOf(tokenizer: Tokenizer, id: number): string {
  const token = tokenizer.idToToken(id) ?? `${id}`
  return token.length > 1 ? token.replaceAll('\uffed', '') : token
}

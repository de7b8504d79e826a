import { periodicYield, RandomStream } from '@heddle/core'
import { type MakeRows, PooledRows } from '@heddle/data'
import type { Abortable, Sample, StepwiseLearning } from '@heddle/tasks'
import type { Tokenizer } from '@heddle/tokenizer'
import type { BatchSource } from '@heddle/trainer'
import { type InstanceBatch, maskedBatch } from '../batches/instance-batch.ts'
import { PretrainingBatches } from '../batches/pretraining-batches.ts'
import type { CorpusPart } from '../corpus/corpus-part.ts'
import type { Instance } from '../examples/instance.ts'
import { type BertVocabulary, bertVocabulary } from './bert-vocabulary.ts'
import type { FilledMask } from './fill-mask.ts'
import { makeInstances } from './make-instances.ts'
import type { MaskedLanguageModel } from './masked-language-model.ts'
import type { MaskedLMConfig } from './masked-lm.ts'
import { MaskedLMObjective } from './masked-lm-objective.ts'

/** Rate at which held-out text is masked, whatever that of training is, so that losses can be compared. */
const VALIDATION_RATE = 0.15
const VALIDATION_ROWS = 64
/** Rows of held-out text by which a training is judged on its way, and at its end. */
const MOST_ROWS = 2048
/** Bytes of UTF-8 of a token, for the number of rows of an epoch before any are read. */
const BYTES_PER_TOKEN = 4
const SHOWN = 8
const IF_EMPTY = ': pairs need documents of two sentences or more. Set pairs to none, or use another text.'
/** Parts whose tokens the baseline counts. */
const COUNTED = 50

type Settings = Pick<MaskedLMConfig, 'pairs' | 'acrossDocuments' | 'causalShare' | 'maxLength' | 'masking' | 'training'>

/** Learns to find masked tokens in rows that are made of parts of a corpus. */
export class MaskedLearning implements StepwiseLearning<CorpusPart> {
  readonly objective: MaskedLMObjective
  readonly growsBatches = true
  readonly #vocabulary: BertVocabulary
  readonly #tokenizer: Tokenizer
  readonly #make: MakeRows<CorpusPart, Instance>
  readonly #settings: Settings

  constructor(model: MaskedLanguageModel, tokenizer: Tokenizer, settings: Settings) {
    this.objective = new MaskedLMObjective(model, settings.training.labelSmoothing)
    this.#vocabulary = bertVocabulary(tokenizer)
    this.#tokenizer = tokenizer
    this.#make = makeInstances(tokenizer, { ...settings, ...this.#vocabulary })
    this.#settings = settings
  }

  validationMetrics(): readonly string[] {
    const ofPairs = this.#settings.pairs === 'none' ? [] : ['pairLoss', 'pairAccuracy']
    return ['loss', 'maskedLoss', 'maskedAccuracy', ...ofPairs]
  }

  trainingBatches(parts: readonly CorpusPart[], rng: RandomStream): BatchSource<InstanceBatch> {
    const { pairs, acrossDocuments, causalShare, maxLength, masking, training } = this.#settings
    const { copies, rate: maskRate, wholeWord } = masking
    const { batchSize, batchRamp, steps } = training
    const numTokens = parts.reduce((sum, { size }) => sum + size, 0) / BYTES_PER_TOKEN
    return new PretrainingBatches(
      new PooledRows(parts, this.#make, {
        ...{ rng, copies, where: 'pre-training', ifEmpty: IF_EMPTY },
        ...(pairs === 'none' && !acrossDocuments && { alike: { size: ({ ids }) => ids.length, count: batchSize } }),
      }),
      {
        ...{ vocabulary: this.#vocabulary, padId: this.#vocabulary.padId, rng },
        ...{ maskRate, wholeWord, causalShare, isStatic: copies > 0, batchSize, batchRamp, steps },
        rowsPerEpoch: numTokens / maxLength,
      },
    )
  }

  /** The same rows with the same masks each time. */
  async *validationBatches(parts: readonly CorpusPart[]): AsyncGenerator<readonly InstanceBatch[]> {
    const rng = new RandomStream(1)
    const options = { ...this.#vocabulary, rate: VALIDATION_RATE, wholeWord: this.#settings.masking.wholeWord }
    let count = 0
    for (const part of parts) {
      const rows = await this.#make([part], rng)
      for (let at = 0; at < rows.length && count < MOST_ROWS; at += VALIDATION_ROWS) {
        const some = rows.slice(at, at + VALIDATION_ROWS)
        count += some.length
        yield [maskedBatch(some, this.#vocabulary, options, () => rng.split())]
      }
      if (count >= MOST_ROWS) return
    }
  }

  /** Loss and accuracy of a model that only knows how often each token occurs, and nothing of pairs. */
  async frequencies(train: readonly CorpusPart[], heldOut: readonly CorpusPart[]): Promise<Record<string, number>> {
    const counts = new Float64Array(this.#tokenizer.vocabSize).fill(1)
    for (const { ids } of await this.#make(train.slice(0, COUNTED), new RandomStream(1))) {
      for (const id of ids) if (!this.#vocabulary.isSpecial(id)) counts[id]!++
    }
    const total = counts.reduce((sum, count) => sum + count)
    const best = counts.indexOf(Math.max(...counts))
    let [loss, right, all] = [0, 0, 0]
    for await (const [batch] of this.validationBatches(heldOut)) {
      for (const label of batch!.labels) {
        loss -= Math.log(counts[label]! / total)
        right += label === best ? 1 : 0
      }
      all += batch!.labels.length
    }
    const pairs = this.#settings.pairs === 'none' ? {} : { pairLoss: Math.LN2, pairAccuracy: 0.5 }
    const maskedLoss = loss / all
    return { loss: maskedLoss + (pairs.pairLoss ?? 0), maskedLoss, maskedAccuracy: right / all, ...pairs }
  }

  /** Sentences of which one word is hidden, and what the model finds in its place. */
  async samples(
    parts: readonly CorpusPart[],
    fill: (text: string, top: number) => Promise<readonly FilledMask[]>,
    rng: RandomStream,
    { signal }: Abortable = {},
  ): Promise<Sample[]> {
    const yieldNow = periodicYield(signal)
    const sentences = (await parts[0]!.documents()).flat().filter((text) => text.split(' ').length > 2)
    const mask = this.#tokenizer.idToToken(this.#vocabulary.maskId)!
    const samples: Sample[] = []
    for (const sentence of rng.shuffled(sentences).slice(0, SHOWN)) {
      await yieldNow()
      const words = sentence.split(' ').slice(0, this.#settings.maxLength / 4)
      const hidden = rng.integer(words.length)
      // A mask stands for one piece, so the sign after a word stays.
      const [, word, rest] = /^(.*?)([.,!?]*)$/.exec(words[hidden]!)!
      const input = words.with(hidden, mask + rest).join(' ')
      const [found] = await fill(input, 3)
      const output = found!.tokens.map(({ token, score }) => `${token} (${Math.round(100 * score)} %)`).join(', ')
      samples.push({ input, output, expected: word! })
    }
    return samples
  }
}

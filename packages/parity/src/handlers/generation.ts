import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { attentionPlugin } from '@heddle/attention'
import { createRegistry, RandomStream } from '@heddle/core'
import { beamSearch, type DecodingOptions, greedy, type StepModel } from '@heddle/decoding'
import { layersPlugin, type Module, setTraining } from '@heddle/layers'
import {
  loadCheckpoint,
  type TransformerLanguageModel,
  type TransformerSeq2Seq,
  transformerPlugin,
} from '@heddle/transformer'
import * as tf from '@tensorflow/tfjs-core'
import type { Comparison } from '../comparison.ts'
import { type GoldenCase, setting } from '../golden-case.ts'
import type { Handler } from '../handler.ts'

/** Arguments of transformers' `generate`. */
interface Settings {
  readonly max_new_tokens: number
  readonly eos_token_id: readonly number[]
  readonly min_new_tokens?: number
  readonly num_beams?: number
  readonly num_return_sequences?: number
  readonly length_penalty?: number
  readonly early_stopping?: boolean | 'never'
  readonly repetition_penalty?: number
  readonly no_repeat_ngram_size?: number
  readonly bad_words_ids?: readonly (readonly number[])[]
  readonly suppress_tokens?: readonly number[]
  readonly begin_suppress_tokens?: readonly number[]
  readonly forced_bos_token_id?: number
  readonly forced_eos_token_id?: number
}

interface Generation {
  readonly settings: Settings
  readonly prompts: readonly (readonly number[])[]
  /** New tokens of each prompt's sequences, the end symbol included. */
  readonly sequences: readonly (readonly (readonly number[])[])[]
  /** Scores of each prompt's sequences; none without beams. */
  readonly scores: readonly (readonly number[])[]
}

/** decoding/generate_*: what many settings of `generate` make of a checkpoint, all prompts of a setting in one batch. */
export const generationHandler: Handler = {
  covers: (name) => name.startsWith('decoding/generate_'),
  async compare(golden) {
    const context = {
      registry: createRegistry([layersPlugin, attentionPlugin, transformerPlugin]),
      rng: new RandomStream(0),
    }
    const folder = join(golden.folder, '../..', setting<string>(golden, 'checkpoint'))
    const { model } = await loadCheckpoint((file) => readFile(join(folder, file)).catch(() => undefined), context)
    setTraining(model, false)
    const comparisons: Comparison[] = []
    for (const [i, generation] of setting<Generation[]>(golden, 'generate').entries()) {
      comparisons.push(...(await generate(golden, model, i, generation)))
    }
    return comparisons
  },
}

async function generate(
  golden: GoldenCase,
  model: Module,
  i: number,
  { settings, prompts, sequences, scores }: Generation,
) {
  const start = setting<number | null>(golden, 'start')
  const initial = () =>
    start === null
      ? (model as TransformerLanguageModel).initialState(prompts.length)
      : encode(model as TransformerSeq2Seq, prompts)
  const state = tf.tidy(() => initial() as unknown as tf.TensorContainer) as unknown
  const options = {
    ...optionsOf(settings),
    ...(start === null ? { prompt: prompts } : { start, batchSize: prompts.length }),
  }
  const steps = model as unknown as StepModel<unknown>
  const decoded =
    settings.num_beams === undefined
      ? (await greedy(steps, state, options)).map((row) => [row])
      : await beamSearch(steps, state, {
          ...options,
          width: settings.num_beams,
          nBest: settings.num_return_sequences ?? 1,
          lengthPenalty: settings.length_penalty ?? 1,
          earlyStopping: settings.early_stopping ?? false,
        })
  tf.dispose(state as tf.TensorContainer)
  const ends = new Set(settings.eos_token_id)
  const withoutEnd = (row: readonly number[]) => row.filter((token) => !ends.has(token))
  const comparisons: Comparison[] = [
    {
      ...{ name: `generate.${i}`, kind: 'exact' },
      actual: decoded.map((rows) => rows.map(({ ids, finished }) => ({ ids, finished }))),
      expected: sequences.map((rows) => rows.map((row) => ({ ids: withoutEnd(row), finished: ends.has(row.at(-1)!) }))),
    },
  ]
  if (scores.length > 0) {
    const actual = Float32Array.from(decoded.flat().map((row) => ('score' in row ? (row.score as number) : Number.NaN)))
    const shape = [actual.length]
    const expected = Float32Array.from(scores.flat())
    comparisons.push({ name: `scores.${i}`, kind: 'value', shape, expectedShape: shape, actual, expected })
  }
  return comparisons
}

/** Sources of different lengths, padded behind. */
function encode(model: TransformerSeq2Seq, sources: readonly (readonly number[])[]) {
  const longest = Math.max(...sources.map(({ length }) => length))
  const rows = sources.map((row) => [...row, ...new Array<number>(longest - row.length).fill(0)])
  return model.encode(
    tf.tensor2d(rows, [rows.length, longest], 'int32'),
    tf.tensor1d(
      sources.map(({ length }) => length),
      'int32',
    ),
  )
}

function optionsOf(settings: Settings): DecodingOptions {
  const options = {
    maxLength: settings.max_new_tokens,
    end: settings.eos_token_id,
    minLength: settings.min_new_tokens,
    repetitionPenalty: settings.repetition_penalty,
    noRepeatNgram: settings.no_repeat_ngram_size,
    forbiddenSequences: settings.bad_words_ids,
    forbidden: settings.suppress_tokens,
    forbiddenAtStart: settings.begin_suppress_tokens,
    forcedStart: settings.forced_bos_token_id,
    forcedEnd: settings.forced_eos_token_id,
  }
  const given = Object.entries(options).filter(([, value]) => value !== undefined)
  return Object.fromEntries(given) as unknown as DecodingOptions
}

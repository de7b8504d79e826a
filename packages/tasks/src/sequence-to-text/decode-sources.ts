import { periodicYield } from '@heddle/core'
import { type BeamSearchOptions, beamSearch, type Decoded, greedy, type StepModel } from '@heddle/decoding'
import { setTraining } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import type { EvaluateOptions } from '../task/pipeline.ts'
import type { FrameIds } from './target-tokens.ts'
import type { SourceTensors, TeachableModel } from './teacher-forcing.ts'

/** Number of sources decoded at once; sources of similar length share a batch. */
const DECODING_BATCH = 128

/** A model that reads a source and then writes step by step. */
export interface Seq2SeqModel<S = unknown> extends TeachableModel, StepModel<S> {
  encode(source: tf.Tensor, lengths?: tf.Tensor): S
}

export interface DecodeSourcesOptions extends EvaluateOptions {
  readonly model: Seq2SeqModel
  readonly frame: FrameIds
  /** Longest output, in tokens. */
  readonly maxLength: number
  /** Number of sequences followed at once; 1 takes the best token at each step. */
  readonly beamWidth: number
  readonly attention?: boolean
  /** Further options of decoding. */
  readonly options?: Partial<BeamSearchOptions>
}

/**
 * Decodes a target for each source, in the order of the sources.
 *
 * @param reader makes tensors of sources and tells their length
 */
export async function decodeSources<X>(
  sources: readonly X[],
  reader: { length(source: X): number; collate(sources: readonly X[]): SourceTensors },
  { model, frame, maxLength, beamWidth, attention = false, options: more, onProgress, signal }: DecodeSourcesOptions,
): Promise<Decoded[]> {
  setTraining(model, false)
  const { start, end } = frame
  const results = new Array<Decoded>(sources.length)
  const order = [...sources.keys()].sort((a, b) => reader.length(sources[a]!) - reader.length(sources[b]!))
  const yieldNow = periodicYield(signal)
  for (let at = 0; at < order.length; at += DECODING_BATCH) {
    await yieldNow()
    const indices = order.slice(at, at + DECODING_BATCH)
    const { source, lengths } = reader.collate(indices.map((index) => sources[index]!))
    let state: tf.TensorContainer | undefined
    const options = { ...more, start, end, maxLength, batchSize: indices.length, attention, ...(signal && { signal }) }
    try {
      state = tf.tidy(() => model.encode(source, lengths) as tf.TensorContainer)
      const decoded =
        beamWidth === 1
          ? await greedy(model, state as unknown, options)
          : (await beamSearch(model, state as unknown, { ...options, width: beamWidth })).map(([best]) => best!)
      for (const [i, index] of indices.entries()) results[index] = decoded[i]!
    } finally {
      tf.dispose([source, lengths, state].filter((tensors) => tensors !== undefined))
    }
    onProgress?.(at + indices.length, order.length)
  }
  return results
}

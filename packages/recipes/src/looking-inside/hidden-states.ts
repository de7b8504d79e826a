import { HeddleError } from '@heddle/core'
import { setTraining, withObserver } from '@heddle/layers'
import type { RunStore } from '@heddle/trainer'
import * as tf from '@tensorflow/tfjs-core'
import type { Run } from '../run.ts'
import { readJson } from '../run-config.ts'
import { readText, type TextPiece } from './read-text.ts'

// T pieces of the text, N units of a layer

/** The hidden states of one recurrent layer. */
export interface LayerStates {
  /** From 0, as in the model's parameter names. */
  readonly layer: number
  /** Each [T], in [-1, 1]; in a bidirectional layer the second half reads from the end. */
  readonly units: readonly Float32Array[] // N
}

/** What the units of a run's recurrent layers do while the model reads a text. */
export interface HiddenStates {
  readonly pieces: readonly TextPiece[] // T
  readonly layers: readonly LayerStates[]
}

export interface InsideOptions {
  readonly run: Run
  /** Where the run's files lie. */
  readonly store: RunStore
  /** How messages name the run, such as its folder. */
  readonly name?: string
}

/**
 * Reads a text with a run's model and keeps the hidden state h of every recurrent unit after every piece. The units of tanh
 * networks, LSTMs and GRUs are in [-1, 1]; a unit that goes beyond, as with ReLU, is divided by its largest absolute value.
 *
 * @throws HeddleError `usage` when the run reads no text or its model has no recurrent layer, `data` for too short a text
 * @see Karpathy, Johnson & Fei-Fei 2015, "Visualizing and understanding recurrent networks" (they colour tanh(c) of an LSTM;
 * this is h = o·tanh(c), which every kind of cell has)
 */
export async function hiddenStates({ run, store, name = 'run' }: InsideOptions, text: string): Promise<HiddenStates> {
  const files: Record<string, unknown> = {}
  for (const file of run.config.files) files[file] = await readJson(store, file, name)
  const { pieces, reader, forward } = readText(run, files, text, name)
  const T = pieces.length
  const seen = new Map<number, tf.Tensor>()
  setTraining(run.model, false)
  tf.tidy(() =>
    withObserver(
      reader,
      (path, value) => {
        const layer = /(?:^|\.)outputs\.(\d+)$/.exec(path)?.[1]
        if (layer === undefined || value.rank !== 3 || value.shape[0] !== 1 || value.shape[1] !== T) return
        // A unit's values side by side.
        seen.set(Number(layer), tf.keep(tf.transpose(tf.squeeze(value, [0]), [1, 0]))) // [N, T]
      },
      forward,
    ),
  )
  if (seen.size === 0) {
    throw new HeddleError(
      'usage',
      `${name}: expected a model with recurrent layers that report their hidden states, got '${run.config.model.type}'. Use a recurrent run.`,
    )
  }
  const layers: LayerStates[] = []
  for (const [layer, states] of seen) {
    const values = (await states.data()) as Float32Array
    const units = Array.from({ length: states.shape[0]! }, (_, n) => bounded(values.slice(n * T, (n + 1) * T)))
    layers.push({ layer, units })
    states.dispose()
  }
  return { pieces, layers: layers.sort((a, b) => a.layer - b.layer) }
}

function bounded(values: Float32Array): Float32Array {
  const most = values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0)
  return most > 1 ? values.map((value) => value / most) : values
}

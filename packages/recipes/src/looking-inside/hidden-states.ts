import { HeddleError } from '@heddle/core'
import { type Module, type Observer, reportsLayers, setTraining, withObserver } from '@heddle/layers'
import { namedCells } from '@heddle/rnn'
import type { RunStore } from '@heddle/trainer'
import * as tf from '@tensorflow/tfjs-core'
import type { Run } from '../run.ts'
import { readJson } from '../run-config.ts'
import { type ReadText, readText, type TextPiece } from './read-text.ts'

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

/** What is looked at: the hidden state, or tanh(c) of the memory c that an LSTM has besides. */
export type ObservedState = 'hidden' | 'cell'

/**
 * Reads a text with a run's model and keeps the state of every recurrent unit after every piece: h, which every kind of cell has,
 * or tanh(c) of an LSTM, where h = o·tanh(c). Both are in [-1, 1]; a unit that goes beyond, as h with ReLU, is divided by its
 * largest absolute value.
 *
 * @param observed 'cell' needs a language model of LSTM cells
 * @throws HeddleError `usage` when the run reads no text or its model has no such state, `data` for too short a text
 * @see Karpathy, Johnson & Fei-Fei 2015, "Visualizing and understanding recurrent networks", who colour tanh(c)
 */
export async function hiddenStates(
  { run, store, name = 'run' }: InsideOptions,
  text: string,
  observed: ObservedState = 'hidden',
): Promise<HiddenStates> {
  const files: Record<string, unknown> = {}
  for (const file of run.config.files) files[file] = await readJson(store, file, name)
  const read = readText(run, files, text, name)
  setTraining(run.model, false)
  const seen = observed === 'cell' ? cellStates(read) : outputStates(read)
  if (seen.size === 0) {
    const wanted =
      observed === 'cell'
        ? 'that is a language model of LSTM cells'
        : 'with recurrent layers that report their hidden states'
    const other = observed === 'cell' ? 'Look at the hidden states instead.' : 'Use a recurrent run.'
    throw new HeddleError('usage', `${name}: expected a model ${wanted}, got '${run.config.model.type}'. ${other}`)
  }
  const T = read.pieces.length
  const layers: LayerStates[] = []
  for (const [layer, states] of seen) {
    const values = (await states.data()) as Float32Array
    const units = Array.from({ length: states.shape[0]! }, (_, n) => bounded(values.slice(n * T, (n + 1) * T)))
    layers.push({ layer, units })
    states.dispose()
  }
  return { pieces: read.pieces, layers: layers.sort((a, b) => a.layer - b.layer) }
}

/** h of each layer: [N, T]. */
function outputStates({ pieces, reader, forward }: ReadText): Map<number, tf.Tensor> {
  const T = pieces.length
  const seen = new Map<number, tf.Tensor>()
  const observer: Observer = (_, value, { module, name }) => {
    const layer = reportsLayers(module) ? module.layerOutputs.indexOf(name) : -1
    if (layer === -1 || value.rank !== 3 || value.shape[0] !== 1 || value.shape[1] !== T) return
    // A unit's values side by side.
    seen.set(layer, tf.keep(tf.transpose(tf.squeeze(value, [0]), [1, 0]))) // [N, T]
  }
  tf.tidy(() => withObserver(reader, observer, forward))
  return seen
}

/** tanh(c) of each layer, which its cell reports when it takes a step: [N, T]. */
function cellStates({ reader, stepThrough }: ReadText): Map<number, tf.Tensor> {
  const seen = new Map<number, tf.Tensor>()
  if (stepThrough === undefined) return seen
  const cells = new Map(namedCells(reader).map((named) => [named.cell as Module, named]))
  tf.tidy(() => {
    const steps = new Map<number, tf.Tensor[]>() // by layer, T of [1, N]
    const observer: Observer = (_, value, { module, name }) => {
      const place = cells.get(module)
      if (place === undefined || place.cell.memory !== name || place.reverse) return
      steps.set(place.layer, [...(steps.get(place.layer) ?? []), tf.tanh(value)])
    }
    withObserver(reader, observer, stepThrough)
    for (const [layer, states] of steps) seen.set(layer, tf.keep(tf.transpose(tf.concat(states, 0), [1, 0])))
  })
  return seen
}

function bounded(values: Float32Array): Float32Array {
  const most = values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0)
  return most > 1 ? values.map((value) => value / most) : values
}

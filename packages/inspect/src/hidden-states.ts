import { HeddleError, periodicYield } from '@heddle/core'
import { type Module, type Observer, reportsLayers, setTraining, withObserver } from '@heddle/layers'
import { namedCells } from '@heddle/rnn'
import { type Abortable, type ReadText, type Task, type TextToken, textReading } from '@heddle/tasks'
import * as tf from '@tensorflow/tfjs-core'

// T tokens of the text, N units of a layer

/** Hidden states of one layer. */
export interface LayerStates {
  /** From 0, as in the model's parameter names. */
  readonly layer: number
  /** Each [T], in [-1, 1]; in a bidirectional layer the second half reads from the end. */
  readonly units: readonly Float32Array[] // N
}

/** Hidden states of every layer while a model reads a text. */
export interface HiddenStates {
  readonly tokens: readonly TextToken[] // T
  readonly layers: readonly LayerStates[]
}

/** The hidden state h, or tanh(c) of the memory c that an LSTM has besides. */
export type ObservedState = 'hidden' | 'cell'

/**
 * Reads a text with a trained task and returns the state of every recurrent unit after every token: h, which every cell has, or
 * tanh(c) of an LSTM, where h = o·tanh(c). Both are in [-1, 1]. A unit that goes beyond, such as one with ReLU, is divided by its
 * largest absolute value.
 *
 * @param observed 'cell' needs a model of LSTM cells that reads a token at a time, such as a language model
 * @throws HeddleError `usage` when the task reads no text or its model has no such state, `data` for a text of one token
 * @see Karpathy, Johnson & Fei-Fei 2015, "Visualizing and understanding recurrent networks", which colors text by tanh(c)
 */
export async function hiddenStates(
  task: Task,
  text: string,
  observed: ObservedState = 'hidden',
  { signal }: Abortable = {},
): Promise<HiddenStates> {
  signal?.throwIfAborted()
  const reader = textReading.find(task.pipeline.abilities)
  if (reader === undefined) {
    throw new HeddleError(
      'usage',
      `${task.where}: expected a run that reads text, got one of '${task.type}'. Use a language model, a text classifier, a tagger or a text-to-text run.`,
    )
  }
  setTraining(task.model, false)
  const read = reader.read(text)
  const seen = observed === 'cell' ? memoryStates(read) : outputStates(read)
  if (seen.size === 0) {
    const [wanted, other] =
      observed === 'cell'
        ? ['that is a language model of LSTM cells', 'Look at the hidden states instead.']
        : ['with recurrent layers that report their hidden states', 'Use a recurrent run.']
    throw new HeddleError('usage', `${task.where}: expected a model ${wanted}, got '${task.modelSpec.type}'. ${other}`)
  }
  const T = read.tokens.length
  const layers: LayerStates[] = []
  const yieldNow = periodicYield(signal)
  try {
    for (const [layer, states] of seen) {
      await yieldNow()
      const values = (await states.data()) as Float32Array
      const units = Array.from({ length: states.shape[0]! }, (_, n) => bounded(values.slice(n * T, (n + 1) * T)))
      layers.push({ layer, units })
    }
  } finally {
    tf.dispose([...seen.values()])
  }
  return { tokens: read.tokens, layers: layers.sort((a, b) => a.layer - b.layer) }
}

/** h of each layer: [N, T]. */
function outputStates({ tokens, reader, forward }: ReadText): Map<number, tf.Tensor> {
  const T = tokens.length
  const seen = new Map<number, tf.Tensor>()
  const observer: Observer = (_, value, { module, name }) => {
    const layer = reportsLayers(module) ? module.layerOutputs.indexOf(name) : -1
    if (layer === -1 || value.rank !== 3 || value.shape[0] !== 1 || value.shape[1] !== T) return
    seen.get(layer)?.dispose()
    // The values of a unit side by side.
    seen.set(layer, tf.keep(tf.transpose(tf.squeeze(value, [0]), [1, 0]))) // [N, T]
  }
  tf.tidy(() => withObserver(reader, observer, forward))
  return seen
}

/** tanh(c) of each layer, from the memory that its cell reports at each step: [N, T]. */
function memoryStates({ reader, stepThrough }: ReadText): Map<number, tf.Tensor> {
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
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  return largest > 1 ? values.map((value) => value / largest) : values
}

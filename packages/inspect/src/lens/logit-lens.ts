import { HeddleError, periodicYield } from '@heddle/core'
import { type Module, type ReadsOut, setTraining } from '@heddle/layers'
import {
  type Abortable,
  type Exhibit,
  pairReading,
  type Task,
  type TextToken,
  textReading,
  type Vocabulary,
} from '@heddle/tasks'
import * as tf from '@tensorflow/tfjs-core'
import { layerOutputs, lensModules } from './read-out.ts'

// T tokens, D hidden size, V vocabulary, k shown tokens

/** Prediction of a layer at a token, as if it were the last one. */
export interface LensCell {
  /** The most probable tokens, the first one first. */
  readonly tokens: readonly string[] // k
  readonly probabilities: readonly number[] // k
  /** Place, from 1, of the token that the last layer finds most probable. */
  readonly rank: number
  /** Probability of that token. */
  readonly probability: number
  /** Entropy of the whole distribution, in bits. */
  readonly entropy: number
}

export interface LensLayer {
  /** 'input' for the token vectors before the first layer, then 'layer 0' and so on. */
  readonly name: string
  readonly cells: readonly LensCell[] // T
  /** Share of the tokens at which the most probable token is already that of the last layer. */
  readonly agreement: number
  /** Mean entropy, in bits. */
  readonly entropy: number
  /** Mean Kullback–Leibler divergence of this layer's distribution from the last one's, in bits. */
  readonly divergence: number
}

/** The predictions of every layer of a model while it reads a text. */
export interface LogitLensExhibit extends Exhibit {
  readonly kind: 'logit-lens'
  readonly tokens: readonly TextToken[] // T
  /** The place that a prediction is for: the token after the one it stands at, or that token itself. */
  readonly predicts: Vocabulary['predicts']
  readonly vocabSize: number
  /** Bottom to top; the last one is the model's own prediction. */
  readonly layers: readonly LensLayer[]
}

export interface LogitLensOptions extends Abortable {
  /** Number of tokens shown of each distribution (default 5). */
  readonly top?: number | undefined
  /** The target of an encoder-decoder (default: the text that it writes). */
  readonly target?: string | undefined
}

/**
 * Logit lens: the output of each layer goes through the last norm and the output layer, as if the layers above were not there.
 *
 *     p_l = softmax(output(norm(h_l)))
 *
 * @throws HeddleError `usage` for a task that reads no text, or a model of which layers cannot be read out
 * @see nostalgebraist 2020, "Interpreting GPT: the logit lens"
 */
export async function logitLens(task: Task, text: string, options: LogitLensOptions = {}): Promise<LogitLensExhibit> {
  setTraining(task.model, false)
  const read = await readText(task, text, options.target)
  const modules = read && lensModules(read.root)
  if (read?.vocabulary === undefined || modules === undefined) {
    throw new HeddleError(
      'usage',
      `logit-lens: expected a model that predicts tokens and whose layers can be read out, got ${task.where}, a '${task.modelSpec.type}'. Use a Transformer language model or encoder-decoder, such as --set model=transformer-lm.`,
    )
  }
  const { model: module } = modules
  const outputs = layerOutputs(read.root, modules, read.forward)
  try {
    const { tokenText } = read.vocabulary
    const [final, vocabSize] = tf.tidy(() => {
      const logits = logitsOf(module, outputs.at(-1)!.value)
      return [tf.keep(tf.logSoftmax(logits)), logits.shape[1]!]
    })
    const layers: LensLayer[] = []
    const yieldNow = periodicYield(options.signal)
    try {
      for (const { name, value } of outputs) {
        await yieldNow()
        layers.push(await lensLayer(name, module, value, final, Math.min(options.top ?? 5, vocabSize), tokenText))
      }
    } finally {
      final.dispose()
    }
    const { predicts } = read.vocabulary
    return { kind: 'logit-lens', title: 'Logit lens', tokens: read.tokens, predicts, vocabSize, layers }
  } finally {
    for (const { value } of outputs) value.dispose()
  }
}

interface Reading {
  readonly root: Module
  readonly tokens: readonly TextToken[]
  readonly vocabulary?: Vocabulary
  forward(): void
}

async function readText(task: Task, text: string, target: string | undefined): Promise<Reading | undefined> {
  const { abilities } = task.pipeline
  const pair = await pairReading.find(abilities)?.read(text, target)
  if (pair !== undefined) return { ...pair, root: pair.model, tokens: pair.target }
  const read = textReading.find(abilities)?.read(text)
  return read && { ...read, root: read.reader }
}

/** @returns [T, V] */
const logitsOf = (module: ReadsOut, x: tf.Tensor): tf.Tensor => tf.squeeze(module.readOut(x), [0])

/** @param final log probabilities of the last layer, [T, V] */
async function lensLayer(
  name: string,
  module: ReadsOut,
  x: tf.Tensor,
  final: tf.Tensor,
  k: number,
  tokenText: (id: number) => string,
): Promise<LensLayer> {
  const tensors = tf.tidy(() => {
    const logP = tf.logSoftmax(logitsOf(module, x)) // [T, V]
    const p = tf.exp(logP)
    const chosen = tf.oneHot(tf.cast(tf.argMax(final, -1), 'int32'), logP.shape[1]!) // [T, V]
    const probability = tf.sum(tf.mul(p, chosen), -1, true) // [T, 1]
    const best = tf.topk(p, k)
    return {
      ids: best.indices, // [T, k]
      probabilities: best.values, // [T, k]
      rank: tf.add(tf.sum(tf.cast(tf.greater(p, probability), 'int32'), -1), 1), // [T]
      probability: tf.squeeze(probability, [1]), // [T]
      entropy: tf.div(tf.neg(tf.sum(tf.mul(p, logP), -1)), Math.LN2), // [T]
      divergence: tf.div(tf.sum(tf.mul(tf.exp(final), tf.sub(final, logP)), -1), Math.LN2), // [T]
    }
  })
  const read = async (tensor: tf.Tensor): Promise<number[]> => {
    const values = [...(await tensor.data())]
    tensor.dispose()
    return values
  }
  const [ids, probabilities, rank, probability, entropy, divergence] = await Promise.all([
    read(tensors.ids),
    read(tensors.probabilities),
    read(tensors.rank),
    read(tensors.probability),
    read(tensors.entropy),
    read(tensors.divergence),
  ])
  const cells = rank.map(
    (place, t): LensCell => ({
      tokens: ids.slice(t * k, (t + 1) * k).map(tokenText),
      probabilities: probabilities.slice(t * k, (t + 1) * k).map(rounded),
      rank: place,
      probability: rounded(probability[t]!),
      entropy: rounded(entropy[t]!),
    }),
  )
  return {
    name,
    cells,
    agreement: mean(rank.map((place) => (place === 1 ? 1 : 0))),
    entropy: mean(entropy),
    divergence: Math.max(0, mean(divergence)),
  }
}

const rounded = (value: number) => Math.round(value * 1e5) / 1e5
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

import { HeddleError, periodicYield } from '@heddle/core'
import { setTraining } from '@heddle/layers'
import { type Abortable, type Exhibit, type ReadText, type Task, type TextToken, textReading } from '@heddle/tasks'
import * as tf from '@tensorflow/tfjs-core'
import { type LensModules, lastOutput, lensModules } from './read-out.ts'

// T tokens, V vocabulary, k shown tokens

/** A token as the model finds it when it is masked. */
export interface ProbedToken {
  readonly place: number
  /** The most probable tokens in its place, the first one first. */
  readonly tokens: readonly string[] // k
  readonly probabilities: readonly number[] // k
  /** Probability and place, from 1, of the token that stands there. */
  readonly probability: number
  readonly rank: number
}

/** A text with each of its tokens masked in turn. */
export interface MaskProbeExhibit extends Exhibit {
  readonly kind: 'mask-probe'
  readonly tokens: readonly TextToken[] // T
  readonly probed: readonly ProbedToken[]
  /** Sum of the logarithms of the probabilities of the true tokens, in nats. */
  readonly pseudoLogLikelihood: number
}

export interface MaskProbeOptions extends Abortable {
  /** Only the token at this place, from 0, special tokens included. */
  readonly place?: number | undefined
  /** Number of tokens shown for each place (default 5). */
  readonly top?: number | undefined
}

/**
 * Masks each token of a text in turn and asks a masked language model for it.
 *
 * @throws HeddleError `usage` for a task whose model does not find masked tokens, or for a place that the text does not have
 * @see Salazar et al. 2020, "Masked language model scoring", for the sum of their log probabilities
 */
export async function maskProbe(task: Task, text: string, options: MaskProbeOptions = {}): Promise<MaskProbeExhibit> {
  setTraining(task.model, false)
  const read = textReading.find(task.pipeline.abilities)?.read(text)
  const exhibit = read && (await probeMasks(read, options))
  if (exhibit !== undefined) return exhibit
  throw new HeddleError(
    'usage',
    `masks: expected a model that finds masked tokens, got ${task.where}, a '${task.modelSpec.type}'. Use a masked language model, such as BERT's.`,
  )
}

/** {@link maskProbe} of a text that is read already; undefined where its tokens cannot be masked. */
export async function probeMasks(
  { tokens, reader, vocabulary, masking }: ReadText,
  { place, top = 5, signal }: MaskProbeOptions = {},
): Promise<MaskProbeExhibit | undefined> {
  const modules = lensModules(reader)
  if (vocabulary === undefined || masking === undefined || modules === undefined) return undefined
  if (place !== undefined && place >= tokens.length) {
    throw new HeddleError(
      'usage',
      `masks: expected a token from 0 to ${tokens.length - 1}, got ${place}. Choose another.`,
    )
  }
  const probed: ProbedToken[] = []
  const yieldNow = periodicYield(signal)
  for (const each of place === undefined ? masking.places : [place]) {
    await yieldNow()
    const { tokenText } = vocabulary
    probed.push(await probeAt(masking.masked(each), each, masking.ids[each]!, modules, { tokenText, top }))
  }
  const pseudoLogLikelihood = probed.reduce((sum, { probability }) => sum + Math.log(probability), 0)
  return { kind: 'mask-probe', title: 'Masked tokens', tokens, probed, pseudoLogLikelihood }
}

async function probeAt(
  read: ReadText,
  place: number,
  id: number,
  modules: LensModules,
  { tokenText, top }: { readonly tokenText: (id: number) => string; readonly top: number },
): Promise<ProbedToken> {
  const p = tf.tidy(() => {
    const outputs = lastOutput(read.reader, modules, read.forward) // [1, T, D]
    const at = tf.slice(outputs, [0, place, 0], [1, 1, -1])
    return tf.softmax(tf.reshape(modules.model.readOut(at), [-1])) // [V]
  })
  const values = (await p.data()) as Float32Array
  p.dispose()
  const best = [...values.keys()].sort((a, b) => values[b]! - values[a]!).slice(0, top)
  const probability = values[id]!
  return {
    place,
    tokens: best.map(tokenText),
    probabilities: best.map((each) => values[each]!),
    probability,
    rank: values.reduce((sum, value) => sum + (value > probability ? 1 : 0), 1),
  }
}

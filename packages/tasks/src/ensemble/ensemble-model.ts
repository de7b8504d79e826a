import { HeddleError, type PartSpec } from '@heddle/core'
import { ensembleStep, type StepModel, type StepResult } from '@heddle/decoding'
import { Module, modelPoint } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'
import type { AnyPipeline } from '../task/pipeline.ts'

// N any leading axes, C classes or vocabulary, B batch, T time

type Activation = NonNullable<AnyPipeline['activation']>

/** Tensors of each layer of a recurrent model. */
type LayerStates = readonly (readonly tf.Tensor[])[]

/** The interfaces that members may have; those of one ensemble have the same. */
interface Member extends Module, StepModel<unknown> {
  readonly carriesState?: boolean
  readonly encoder?: { readonly maxPositions?: number; readonly grid?: readonly [number, number] }
  readonly nextSentence?: unknown
  readonly readsSpelling?: boolean
  readonly scoresSteps?: boolean
  readonly crf?: unknown
  initialState(B: number): unknown
  encode(source: tf.Tensor, lengths?: tf.Tensor): unknown
}

/** Logits by name (`logits`, `startLogits`, …), and the state after a window. */
type Output = Readonly<Record<string, unknown>>

const isLogits = (name: string) => /(^l|L)ogits$/.test(name)

/**
 * Several models as one, by the mean of their predictions: logits are those of the mean of the members' probabilities,
 * log 1/n·Σ softmax(logits of a member). Models that return numbers, such as forecasts, are averaged as they are.
 *
 * It has the interfaces of its members, so that it evaluates, predicts and decodes as one of them does. Decoding states are those
 * of the members.
 *
 * @see Hansen & Salamon 1990, "Neural network ensembles"
 */
class EnsembleModel extends Module {
  readonly members: readonly Module[]
  readonly select?: StepModel<unknown>['select']
  readonly prefill?: StepModel<unknown>['prefill']
  readonly prefillPadded?: StepModel<unknown>['prefillPadded']
  readonly #members: readonly Member[]
  readonly #activation: Activation
  readonly #steps: StepModel<readonly unknown[]>
  /** Number of layers of each member that carries its state from window to window. */
  #numLayers: readonly number[] | undefined

  constructor(members: readonly Module[], activation: Activation) {
    super()
    this.members = members
    if ((members as readonly Member[]).some(({ crf }) => crf !== undefined)) {
      throw new HeddleError(
        'config',
        'ensemble: expected members that score the label of each step by itself, got a CRF. Average the weights of its runs instead, or train them with model.scoring=softmax.',
      )
    }
    this.#activation = activation
    this.#members = members as readonly Member[]
    this.#steps = ensembleStep(this.#members)
    if (this.carriesState) return
    const { select, prefill, prefillPadded } = this.#steps as StepModel<unknown>
    if (select) this.select = select
    if (prefill) this.prefill = prefill
    if (prefillPadded) this.prefillPadded = prefillPadded
  }

  get carriesState(): boolean {
    return this.#members.every(({ carriesState }) => carriesState === true)
  }

  /** The encoder of the member that reads the fewest steps. */
  get encoder(): Member['encoder'] {
    const positions = ({ encoder }: Member) => encoder?.maxPositions ?? Number.POSITIVE_INFINITY
    return this.#members.reduce((a, b) => (positions(b) < positions(a) ? b : a)).encoder
  }

  /** Whether the members judge pairs of segments, as a pre-trained BERT does. */
  get nextSentence(): unknown {
    return this.#members[0]!.nextSentence
  }

  get scoresSteps(): boolean {
    return this.#members.every(({ scoresSteps }) => scoresSteps === true)
  }

  get readsSpelling(): boolean {
    return this.#members.some(({ readsSpelling }) => readsSpelling === true)
  }

  /** @returns logits [N…, C] of the mean probabilities, under each name that members return, and the carried states; or the mean of what members return */
  forward(...inputs: unknown[]): Output | tf.Tensor {
    const { state } = (inputs.at(-1) ?? {}) as { state?: LayerStates }
    const states = this.carriesState && state !== undefined ? this.#split(state) : undefined
    const outputs = this.#members.map(
      (member, i) =>
        member.forward(...(states ? [...inputs.slice(0, -1), { state: states[i] }] : inputs)) as Output | tf.Tensor,
    )
    if (outputs.every((output) => output instanceof tf.Tensor)) return tf.mean(tf.stack(outputs as tf.Tensor[]), 0)
    const each = outputs as Output[]
    const names = Object.keys(each[0]!).filter(isLogits)
    const lengths = this.scoresSteps ? (inputs[1] as tf.Tensor | undefined) : undefined
    const combine = combined[this.#activation]
    const logitsOf = (name: string) =>
      combine(tf.stack(each.map((output) => withoutPadding(output[name] as tf.Tensor, lengths))))
    return {
      ...Object.fromEntries(names.map((name) => [name, logitsOf(name)])),
      ...(this.carriesState && { state: each.flatMap((output) => output['state'] as LayerStates) }),
    }
  }

  /** The states of the members before the first token; for members that carry theirs, layer by layer in one list. */
  initialState(B: number): unknown {
    const states = this.#members.map((member) => member.initialState(B))
    if (!this.carriesState) return states
    this.#numLayers = (states as LayerStates[]).map((layers) => layers.length)
    return states.flat()
  }

  encode(source: tf.Tensor, lengths?: tf.Tensor): unknown {
    return this.#members.map((member) => member.encode(source, lengths))
  }

  /** @param tokens [B], int32 */
  step(tokens: tf.Tensor, state: unknown): StepResult<unknown> {
    if (!this.carriesState) return this.#steps.step(tokens, state as readonly unknown[])
    const result = this.#steps.step(tokens, this.#split(state as LayerStates))
    return { ...result, state: (result.state as LayerStates[]).flat() }
  }

  #split(layers: LayerStates): LayerStates[] {
    let at = 0
    return this.#numLayers!.map((count) => layers.slice(at, (at += count)))
  }
}

/** Logits [N…, C] of the mean of predictions, from those of the members, [members, N…, C]. */
const combined = {
  softmax: (logits: tf.Tensor) => logMean(tf.logSoftmax(logits)),
  // log p - log(1 - p) of the mean p, from log probabilities so that neither can underflow.
  sigmoid: (logits: tf.Tensor) => tf.sub(logMean(tf.logSigmoid(logits)), logMean(tf.logSigmoid(tf.neg(logits)))),
  identity: (values: tf.Tensor) => tf.mean(values, 0),
}

const logMean = (logs: tf.Tensor): tf.Tensor => tf.sub(tf.logSumExp(logs, 0), Math.log(logs.shape[0]!))

/** Logits [B, T] over the steps of a text, so low past its length that they have no probability. */
function withoutPadding(logits: tf.Tensor, lengths: tf.Tensor | undefined): tf.Tensor {
  if (lengths === undefined) return logits
  const steps = tf.range(0, logits.shape[1]!, 1, 'int32') // [T]
  const isPadding = tf.greaterEqual(steps, tf.reshape(lengths, [-1, 1])) // [B, T]
  return tf.where(isPadding, NEVER, logits)
}

/** Too low to count in a softmax. */
const NEVER = -1e9

/** The ensemble as a model, so that an ensemble is a run as any other. */
export const ensembleModel = modelPoint.of({
  name: 'ensemble',
  summary: 'several models as one, by the mean of their probabilities',
  config: z.strictObject({
    members: z
      .array(z.looseObject({ type: z.string() }))
      .min(1)
      .describe('the models: their types and settings'),
    activation: z
      .enum(['softmax', 'sigmoid', 'identity'])
      .default('softmax')
      .describe('function of the logits whose values are averaged'),
  }),
  create: ({ members, activation }, context) =>
    new EnsembleModel(
      members.map((member) => context.registry.create(modelPoint, member as PartSpec, context)),
      activation,
    ),
})

import type { PartSpec } from '@heddle/core'
import { ensembleStep, type StepModel, type StepResult } from '@heddle/decoding'
import { Module, modelPoint } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'

// N any leading axes, C classes or vocabulary, B batch

/** Tensors of each layer of a recurrent model. */
type LayerStates = readonly (readonly tf.Tensor[])[]

/** The interfaces that members may have; those of one ensemble have the same. */
interface Member extends Module, StepModel<unknown> {
  readonly carriesState?: boolean
  readonly encoder?: { readonly maxPositions?: number; readonly grid?: readonly [number, number] }
  readonly readsSpelling?: boolean
  initialState(B: number): unknown
  encode(source: tf.Tensor, lengths?: tf.Tensor): unknown
}

interface Output {
  readonly logits: tf.Tensor
  readonly state?: unknown
}

/**
 * Several models as one, by the mean of their probabilities: logits are log 1/n·Σ softmax(logits of a member). Models that return
 * numbers, such as forecasts, are averaged as they are.
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
  readonly #steps: StepModel<readonly unknown[]>
  /** Number of layers of each member that carries its state from window to window. */
  #numLayers: readonly number[] | undefined

  constructor(members: readonly Module[]) {
    super()
    this.members = members
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

  get encoder(): Member['encoder'] {
    return this.#members[0]!.encoder
  }

  get readsSpelling(): boolean {
    return this.#members.some(({ readsSpelling }) => readsSpelling === true)
  }

  /** @returns logits [N…, C], the log of mean probabilities, and the carried states; or the mean of what members return */
  forward(...inputs: unknown[]): Output | tf.Tensor {
    const { state } = (inputs.at(-1) ?? {}) as { state?: LayerStates }
    const states = this.carriesState && state !== undefined ? this.#split(state) : undefined
    const outputs = this.#members.map(
      (member, i) =>
        member.forward(...(states ? [...inputs.slice(0, -1), { state: states[i] }] : inputs)) as Output | tf.Tensor,
    )
    if (outputs.every((output) => output instanceof tf.Tensor)) return tf.mean(tf.stack(outputs as tf.Tensor[]), 0)
    const each = outputs as Output[]
    const logProbabilities = tf.stack(each.map(({ logits }) => tf.logSoftmax(logits))) // [members, N…, C]
    const logits = tf.sub(tf.logSumExp(logProbabilities, 0), Math.log(each.length)) // [N…, C]
    return { logits, ...(this.carriesState && { state: each.flatMap((output) => output.state as LayerStates) }) }
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

/** The ensemble as a model, so that an ensemble is a run as any other. */
export const ensembleModel = modelPoint.of({
  name: 'ensemble',
  summary: 'several models as one, by the mean of their probabilities',
  config: z.strictObject({
    members: z
      .array(z.looseObject({ type: z.string() }))
      .min(1)
      .describe('the models: their types and settings'),
  }),
  create: ({ members }, context) =>
    new EnsembleModel(members.map((member) => context.registry.create(modelPoint, member as PartSpec, context))),
})

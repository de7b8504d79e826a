import type { LanguageModelBatch } from '@heddle/data'
import { crossEntropy, type Module, type StateDict } from '@heddle/layers'
import { CarriedState, type Objective, type ObjectiveContext, type ObjectiveLoss } from '@heddle/trainer'
import * as tf from '@tensorflow/tfjs-core'

// B batch, T time, V vocabulary

/** Tensors of each layer. */
type LayerStates = readonly (readonly tf.Tensor[])[]

/** A language model. One that carries its state from window to window says so. */
export interface TokenLanguageModel extends Module {
  readonly carriesState?: boolean
  initialState(B: number): unknown
  forward(ids: tf.Tensor, options?: { state?: LayerStates }): { logits: tf.Tensor; state?: LayerStates }
  /** Capability: the mean cross-entropy of the tokens that follow, where it takes fewer operations than by way of all logits. */
  loss?(ids: tf.Tensor, labels: tf.Tensor, options?: { state?: LayerStates }): { loss: tf.Scalar; state?: LayerStates }
}

/** A window of a text; with `startsStream` false it continues the one before. */
export type TextWindow = LanguageModelBatch & { readonly startsStream?: boolean }

export interface WindowBatch {
  /** [B, T], int32 */
  readonly ids: tf.Tensor
  /** [B, T], int32 */
  readonly labels: tf.Tensor
  readonly startsStream: boolean
}

/**
 * Learns p(token | all before): the cross-entropy of each next token. Along a stream a recurrent model's state is carried from
 * window to window and the gradient is not: truncated back-propagation through time.
 *
 * @see Williams & Peng 1990, "An efficient gradient-based algorithm for on-line training of recurrent network trajectories"
 */
export class NextToken implements Objective<TextWindow, WindowBatch> {
  readonly #model: TokenLanguageModel
  readonly #carried = new CarriedState()
  /** Number of state tensors of each layer. */
  readonly #sizes: readonly number[]
  readonly #labelSmoothing: number

  /** @param labelSmoothing share of the probability that the training loss spreads over all tokens */
  constructor(model: TokenLanguageModel, labelSmoothing = 0) {
    this.#model = model
    this.#labelSmoothing = labelSmoothing
    this.#sizes = model.carriesState === true ? stateSizes(model) : []
  }

  collate([window]: readonly TextWindow[]): WindowBatch {
    const { inputs, targets, shape, startsStream = true } = window!
    return {
      ids: tf.tensor2d(inputs, shape, 'int32'),
      labels: tf.tensor2d(targets, shape, 'int32'),
      startsStream,
    }
  }

  loss({ ids, labels, startsStream }: WindowBatch, { training }: Partial<ObjectiveContext> = {}): ObjectiveLoss {
    if (startsStream) this.#carried.dispose()
    const carried = this.#carried.tensors
    const options = carried ? { state: this.#layers(carried) } : {}
    const labelSmoothing = training === true ? this.#labelSmoothing : 0
    const { loss, state } = this.#lossAndState(ids, labels, options, labelSmoothing)
    if (this.#sizes.length > 0) this.#carried.replace(state!.flat())
    return { loss, weight: labels.size }
  }

  #lossAndState(
    ids: tf.Tensor,
    labels: tf.Tensor,
    options: { state?: LayerStates },
    labelSmoothing: number,
  ): { loss: tf.Scalar; state?: LayerStates } {
    // Smoothing takes the probabilities of all tokens.
    if (this.#model.loss !== undefined && labelSmoothing === 0) return this.#model.loss(ids, labels, options)
    const { logits, ...rest } = this.#model.forward(ids, options)
    return { loss: crossEntropy(logits, labels, { labelSmoothing }), ...rest }
  }

  get pyTorch(): string {
    return this.#sizes.length === 0 ? stateless(this.#labelSmoothing) : stateful(this.#labelSmoothing)
  }

  state(): Promise<StateDict> {
    return this.#carried.state()
  }

  restore(state: StateDict): void {
    this.#carried.restore(state)
  }

  #layers(tensors: readonly tf.Tensor[]): LayerStates {
    let at = 0
    return this.#sizes.map((size) => tensors.slice(at, (at += size)))
  }
}

function stateSizes(model: TokenLanguageModel): number[] {
  const state = model.initialState(1) as LayerStates
  const sizes = state.map((layer) => layer.length)
  tf.dispose(state as unknown as tf.TensorContainer)
  return sizes
}

const stateless = (labelSmoothing: number) =>
  `
def loss(model, batch, step, state):
    """Cross-entropy of each next token."""
    logits = model(batch["ids"])
    return F.cross_entropy(logits.flatten(0, 1), batch["labels"].flatten(), label_smoothing=${labelSmoothing}), None
`.slice(1)

const stateful = (labelSmoothing: number) =>
  `
def loss(model, batch, step, state):
    """Cross-entropy of each next token. Along a stream the state goes on from window to window and the gradient does not."""
    if batch["startsStream"]:
        state = None
    logits, state = model(batch["ids"], state)
    state = [tuple(each.detach() for each in layer) for layer in state]
    return F.cross_entropy(logits.flatten(0, 1), batch["labels"].flatten(), label_smoothing=${labelSmoothing}), state
`.slice(1)

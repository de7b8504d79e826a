import { ExtensionPoint } from '@heddle/core'
import type { Parameter, StateDict } from '@heddle/layers'
import type * as tf from '@tensorflow/tfjs-core'
import type { GroupedParameter } from './parameter-groups.ts'

export interface StepOptions {
  /** Factor of every gradient, applied first: clipping by norm, and the mean over accumulated batches (default 1). */
  readonly gradientScale?: number
}

/** Changes parameters by their gradients. */
export interface Optimizer {
  /** One update of the parameters in `gradients`; the gradients stay the caller's. */
  step(gradients: ReadonlyMap<Parameter, tf.Tensor>, learningRate: number, options?: StepOptions): void
  /** State that later steps depend on, by parameter path (`encoder.weight.m`). */
  state(): Promise<StateDict>
  /** @throws HeddleError `state-dict` when `state` is not of this optimizer and these parameters */
  restore(state: StateDict): void
  /** Frees its tensors; the parameters stay. */
  dispose(): void
  /** Capability: the optimizer of PyTorch with the same numbers, as an expression of parameter `groups`. */
  readonly pyTorch?: string
  /** Capability: every parameter with its share of the learning rate and its weight decay. */
  readonly grouped?: readonly GroupedParameter[]
}

export interface OptimizerContext {
  /** The module (or any tree of modules) whose parameters are trained. */
  readonly root: object
}

/** Optimizers by name, as configs write them: `{ "type": "adamw", "weightDecay": 0.1 }`. */
export const optimizerPoint = new ExtensionPoint<Optimizer, OptimizerContext>('optimizer')

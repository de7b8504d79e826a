import { ExtensionPoint, type RandomStream, type Registry } from '@heddle/core'
import type { Module } from './module.ts'

/** Context in which a part is built from its config. */
export interface BuildContext {
  /** Stream for initial weights and dropout. */
  readonly rng: RandomStream
  /** Registry for the parts that a config names. */
  readonly registry: Registry
}

/** Layers: modules that map tensors to a tensor, usable inside `sequential`. */
export const layerPoint = new ExtensionPoint<Module, BuildContext>('layer')

/**
 * Whole models, as in a run's config.json.
 *
 * The config of a model names the sizes of the data like other models do, and all of its other fields have defaults, so that a task
 * can fill in what it knows of its data:
 *
 * - `vocabSize`: tokens of a language model
 * - `input` ({@link encoderInput}) and `numLabels`: classifiers and taggers
 * - `source` ({@link encoderInput}) and `target: { vocabSize }`: encoder-decoders
 * - `featureSize` and `horizon`: forecasters
 */
export const modelPoint = new ExtensionPoint<Module, BuildContext>('model')

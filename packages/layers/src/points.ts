import { ExtensionPoint, type RandomStream, type Registry } from '@heddle/core'
import type { Module } from './module.ts'

/** What building a part from a config needs besides the config. */
export interface BuildContext {
  /** The stream for initial weights and dropout. */
  readonly rng: RandomStream
  /** Where parts named inside a config are looked up. */
  readonly registry: Registry
}

/** Layers: modules that map tensors to a tensor, usable inside `sequential`. */
export const layerPoint = new ExtensionPoint<Module, BuildContext>('layer')

/** Whole models, as they stand in a run's config.json. */
export const modelPoint = new ExtensionPoint<Module, BuildContext>('model')

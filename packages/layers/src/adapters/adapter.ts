import { ExtensionPoint } from '@heddle/core'
import * as tf from '@tensorflow/tfjs-core'
import type { Module } from '../module.ts'
import { Parameter } from '../parameter.ts'
import type { BuildContext } from '../points.ts'

// N any leading axes, I input size, O output size

/** A small module beside a linear map that is trained in its place: y = x·weight + bias + adapter(x). */
export interface Adapter extends Module {
  /**
   * @param x [N…, I], the input of the map
   * @returns what is added to its output, [N…, O]
   */
  forward(x: tf.Tensor): tf.Tensor
  /** The sum that it adds to the weight in evaluation, [I, O]. */
  weightChange(): tf.Tensor
}

/**
 * Capability of a layer: a linear map that takes an adapter. Its forward adds {@link adapterOutput}, and code that reads the weight
 * itself reads {@link adaptedWeight}.
 */
export interface Adaptable extends Module {
  /** [I, O] */
  readonly weight: Parameter
  adapter: Adapter | undefined
}

export interface AdapterContext extends BuildContext {
  readonly inputSize: number
  readonly outputSize: number
  /** Adapter of another map of the same input, whose first map it is to share. */
  readonly sharing?: Adapter | undefined
}

/** Kinds of adapters: `lora`, a plugin's. */
export const adapterPoint = new ExtensionPoint<Adapter, AdapterContext>('adapter')

export const isAdaptable = (module: Module): module is Adaptable =>
  'adapter' in module && 'weight' in module && module.weight instanceof Parameter && module.weight.shape.length === 2

/** y + adapter(x), or y where there is no adapter. */
export const adapterOutput = ({ adapter }: Adaptable, x: tf.Tensor, y: tf.Tensor): tf.Tensor =>
  adapter === undefined ? y : tf.add(y, adapter.forward(x))

/** The weight of a layer with the change that its adapter makes, [I, O]. */
export const adaptedWeight = ({ weight, adapter }: Adaptable): tf.Tensor =>
  adapter === undefined ? weight.value : tf.add(weight.value, adapter.weightChange())

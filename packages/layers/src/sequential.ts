import type * as tf from '@tensorflow/tfjs-core'
import { Module } from './module.ts'

/** Modules applied one after the other. */
export class Sequential extends Module {
  readonly layers: readonly Module[]

  constructor(layers: readonly Module[]) {
    super()
    this.layers = [...layers]
  }

  forward(x: tf.Tensor): tf.Tensor {
    return this.layers.reduce((input, layer) => layer.forward(input) as tf.Tensor, x)
  }
}

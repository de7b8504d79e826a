import type * as tf from '@tensorflow/tfjs-core'
import { Module } from './module.ts'
import type { PyTorchModule, PyTorchSource } from './pytorch/pytorch-module.ts'

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

  /** Capability: describes itself as PyTorch code. */
  async toPyTorch(source: PyTorchSource): Promise<PyTorchModule> {
    const { sequential } = await import('./pytorch/layers.ts')
    return sequential(this, source)
  }
}

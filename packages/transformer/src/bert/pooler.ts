import type { RandomStream } from '@heddle/core'
import { Linear, type LinearInitial, Module, type PyTorchModule, type PyTorchSource } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'

// B batch, T time, D hidden size

/** One vector for the whole input, from its first step: tanh(dense(x_0)). @see Devlin et al. 2019, "BERT" */
export class Pooler extends Module {
  readonly dense: Linear // [D, D]

  constructor({ hiddenSize }: { readonly hiddenSize: number }, rng: RandomStream, initial: LinearInitial) {
    super()
    this.dense = new Linear({ inputSize: hiddenSize, outputSize: hiddenSize }, rng, initial)
  }

  /**
   * @param x [B, T, D]
   * @returns [B, D]
   */
  override forward(x: tf.Tensor): tf.Tensor {
    const [B, , D] = x.shape as [number, number, number]
    return tf.tanh(this.dense.forward(tf.reshape(tf.slice(x, [0, 0, 0], [B, 1, D]), [B, D])))
  }

  /** Capability: describes itself as PyTorch code. */
  async toPyTorch(source: PyTorchSource): Promise<PyTorchModule> {
    const { pooler } = await import('../pytorch/bert.ts')
    return pooler(this, source)
  }
}

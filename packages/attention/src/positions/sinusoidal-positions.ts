import { parseConfig } from '@heddle/core'
import { Module, type PyTorchModule, type PyTorchSource } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'
import type { Positions } from './positions.ts'

// T steps, D hidden size

export const sinusoidalPositionsConfig = z.strictObject({
  hiddenSize: z.int().min(1).describe('size of a position vector'),
  base: z.number().positive().default(10_000).describe('longest wave length, in steps times 2π'),
})
export type SinusoidalPositionsConfig = z.input<typeof sinusoidalPositionsConfig>

/**
 * Position vectors of sines and cosines.
 *
 *     vector_t[i] = sin(t·base^(-2i/D)),  vector_t[⌈D/2⌉ + i] = cos(t·base^(-2i/D))
 *
 * All sines come first, as in Marian and tensor2tensor; the paper interleaves them.
 *
 * @see Vaswani et al. 2017, "Attention is all you need"
 */
export class SinusoidalPositions extends Module implements Positions {
  readonly hiddenSize: number
  readonly base: number

  constructor(config: SinusoidalPositionsConfig) {
    super()
    const { hiddenSize, base } = parseConfig('SinusoidalPositions', sinusoidalPositionsConfig, config)
    this.hiddenSize = hiddenSize
    this.base = base
  }

  /** @returns [T, D] */
  forward(T: number, offset = 0): tf.Tensor {
    return this.vectors(T, offset)
  }

  vectors(T: number, offset: number): tf.Tensor {
    const D = this.hiddenSize
    const half = Math.ceil(D / 2)
    const values = new Float32Array(T * D)
    for (let t = 0; t < T; t++) {
      for (let j = 0; j < D; j++) {
        const angle = (offset + t) * this.base ** ((-2 * (j % half)) / D)
        values[t * D + j] = j < half ? Math.sin(angle) : Math.cos(angle)
      }
    }
    return tf.tensor(values, [T, D])
  }

  /** Capability: describes itself as PyTorch code. */
  async toPyTorch(source: PyTorchSource): Promise<PyTorchModule> {
    const { sinusoidalPositions } = await import('../pytorch/positions.ts')
    return sinusoidalPositions(this, source)
  }
}

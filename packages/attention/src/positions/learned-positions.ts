import { HeddleError, parseConfig, type RandomStream } from '@heddle/core'
import { initializers, Module, Parameter, type PyTorchModule, type PyTorchSource } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'
import type { Positions } from './positions.ts'

// T steps, P number of positions, D hidden size

export const learnedPositionsConfig = z.strictObject({
  maxPositions: z.int().min(1).describe('number of positions that have a vector'),
  hiddenSize: z.int().min(1).describe('size of a position vector'),
  standardDeviation: z.number().positive().default(0.02).describe('standard deviation of the initial values'),
})
export type LearnedPositionsConfig = z.input<typeof learnedPositionsConfig>

/**
 * A trained vector for each position, as in GPT-2 and BERT.
 *
 * @see Gehring et al. 2017, "Convolutional sequence to sequence learning"
 */
export class LearnedPositions extends Module implements Positions {
  readonly weight: Parameter // [P, D]
  readonly maxPositions: number

  constructor(config: LearnedPositionsConfig, rng: RandomStream) {
    super()
    const { maxPositions, hiddenSize, standardDeviation } = parseConfig(
      'LearnedPositions',
      learnedPositionsConfig,
      config,
    )
    this.maxPositions = maxPositions
    this.weight = new Parameter([maxPositions, hiddenSize], initializers.normal(standardDeviation), rng, {
      table: true,
    })
  }

  /** @returns [T, D] */
  forward(T: number, offset = 0): tf.Tensor {
    return this.vectors(T, offset)
  }

  /** @throws HeddleError `shape` past the last position */
  vectors(T: number, offset: number): tf.Tensor {
    if (offset + T > this.maxPositions) {
      throw new HeddleError(
        'shape',
        `LearnedPositions: expected at most ${this.maxPositions} steps, got ${offset + T}. Use shorter inputs, or more positions.`,
      )
    }
    return tf.slice(this.weight.value as tf.Tensor, [offset, 0], [T, -1])
  }

  /** Capability: describes itself as PyTorch code. */
  async toPyTorch(source: PyTorchSource): Promise<PyTorchModule> {
    const { learnedPositions } = await import('../pytorch/positions.ts')
    return learnedPositions(this, source)
  }
}

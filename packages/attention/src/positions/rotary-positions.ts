import { HeddleError, parseConfig } from '@heddle/core'
import { fusedOp, Module, type PyTorchModule, type PyTorchSource } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'
import type { Positions } from './positions.ts'

// B batch, T steps, N heads, K size of a head, R numbers of a head that are turned

export const rotaryPositionsConfig = z.strictObject({
  headSize: z.int().min(2).describe('size of a head'),
  base: z.number().positive().default(10_000).describe('longest wave length, in steps times 2π'),
  share: z
    .number()
    .positive()
    .max(1)
    .default(1)
    .describe('share of the numbers of a head that positions turn; the others stay'),
})
export type RotaryPositionsConfig = z.input<typeof rotaryPositionsConfig>

/**
 * Turns pairs of numbers of queries and keys by an angle that grows with the position, so that their product depends only on how
 * far apart they stand.
 *
 *     angle_t,i = t·base^(-2i/R)
 *     y_i         = x_i·cos(angle) - x_(i+R/2)·sin(angle)
 *     y_(i + R/2) = x_(i+R/2)·cos(angle) + x_i·sin(angle)
 *
 * Pairs are (i, i + R/2) as in GPT-NeoX and Llama; the paper pairs neighbors.
 *
 * @see Su et al. 2021, "RoFormer: enhanced Transformer with rotary position embedding"
 */
export class RotaryPositions extends Module implements Positions {
  readonly headSize: number
  readonly base: number
  /** R */
  readonly rotatedSize: number
  #cos = new Float32Array(0)
  #sin = new Float32Array(0)

  constructor(config: RotaryPositionsConfig) {
    super()
    const { headSize, base, share } = parseConfig('RotaryPositions', rotaryPositionsConfig, config)
    this.headSize = headSize
    this.base = base
    this.rotatedSize = Math.trunc(headSize * share)
    if (this.rotatedSize % 2 !== 0 || this.rotatedSize === 0) {
      throw new HeddleError(
        'config',
        `RotaryPositions: expected headSize·share to be an even number above 0, got ${headSize}·${share} = ${this.rotatedSize}. Change one of them.`,
      )
    }
  }

  /**
   * @param x [B, T, N, K]
   * @returns [B, T, N, K]
   */
  forward(x: tf.Tensor, offset = 0): tf.Tensor {
    return this.rotate(x, offset)
  }

  rotate(x: tf.Tensor, offset: number): tf.Tensor {
    const [, T, , K] = x.shape as [number, number, number, number]
    if (x.rank !== 4 || K !== this.headSize) {
      throw new HeddleError('shape', `RotaryPositions: expected x [B, T, N, ${this.headSize}], got [${x.shape}].`)
    }
    const half = this.rotatedSize / 2
    this.#prepare(offset + T)
    const table = (values: Float32Array) => tf.tensor(values.slice(offset * half, (offset + T) * half), [T, half])
    const inputs = { x, cos: table(this.#cos), sin: table(this.#sin) }
    return fusedOp('HeddleRotary', inputs, { direction: 1 }, rotaryReference)[0]
  }

  rotation(position: number): { cos: Float32Array; sin: Float32Array } {
    const half = this.rotatedSize / 2
    this.#prepare(position + 1)
    const row = (table: Float32Array) => table.subarray(position * half, (position + 1) * half)
    return { cos: row(this.#cos), sin: row(this.#sin) }
  }

  /** Extends the tables to at least `length` positions. */
  #prepare(length: number): void {
    const half = this.rotatedSize / 2
    if (this.#cos.length >= length * half) return
    const positions = 2 ** Math.ceil(Math.log2(length))
    this.#cos = new Float32Array(positions * half)
    this.#sin = new Float32Array(positions * half)
    for (let i = 0; i < half; i++) {
      const frequency = this.base ** ((-2 * i) / this.rotatedSize)
      for (let t = 0; t < positions; t++) {
        this.#cos[t * half + i] = Math.cos(t * frequency)
        this.#sin[t * half + i] = Math.sin(t * frequency)
      }
    }
  }

  /** Capability: describes itself as PyTorch code. */
  async toPyTorch(source: PyTorchSource): Promise<PyTorchModule> {
    const { rotaryPositions } = await import('../pytorch/positions.ts')
    return rotaryPositions(this, source)
  }
}

function rotaryReference({ x, cos, sin }: Record<'x' | 'cos' | 'sin', tf.Tensor>): [tf.Tensor] {
  const [B, T, N, K] = x.shape as [number, number, number, number]
  const half = cos.shape[1]!
  const [cosines, sines] = [cos, sin].map((table) => tf.reshape(table, [1, T, 1, half])) as [tf.Tensor, tf.Tensor]
  const part = (from: number, size: number) => tf.slice(x, [0, 0, 0, from], [B, T, N, size])
  const [first, second] = [part(0, half), part(half, half)] // [B, T, N, R/2]
  const turned = [
    tf.sub(tf.mul(first, cosines), tf.mul(second, sines)),
    tf.add(tf.mul(second, cosines), tf.mul(first, sines)),
  ]
  const rest = K - 2 * half
  return [tf.concat(rest === 0 ? turned : [...turned, part(2 * half, rest)], 3)] // [B, T, N, K]
}

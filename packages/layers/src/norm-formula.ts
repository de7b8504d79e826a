import type { Parameter } from './parameter.ts'

/**
 * Capability of a norm: its numbers, for kernels that compute it as a part of something larger.
 *
 *     y = (x - m) / sqrt(mean((x - m)²) + epsilon) · weight + bias, over the last axis
 */
export interface NormFormula {
  /** Whether m is the mean of x; else it is 0. */
  readonly centered: boolean
  readonly epsilon: number
  readonly weight: Parameter // [D]
  readonly bias?: Parameter | undefined // [D]
}

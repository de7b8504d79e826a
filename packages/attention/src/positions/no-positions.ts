import { Module } from '@heddle/layers'
import type { Positions } from './positions.ts'

/**
 * No positions. A causal model can still tell the order of its steps.
 *
 * @see Kazemnejad et al. 2023, "The impact of positional encoding on length generalization in Transformers"
 */
export class NoPositions extends Module implements Positions {
  forward(): void {}
}

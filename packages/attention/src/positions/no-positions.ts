import { Module, type PyTorchModule, type PyTorchSource } from '@heddle/layers'
import type { Positions } from './positions.ts'

/**
 * No positions. A causal model can still tell the order of its steps.
 *
 * @see Kazemnejad et al. 2023, "The impact of positional encoding on length generalization in Transformers"
 */
export class NoPositions extends Module implements Positions {
  forward(): void {}

  /** Capability: describes itself as PyTorch code. */
  async toPyTorch(source: PyTorchSource): Promise<PyTorchModule> {
    const { positionsClass } = await import('../pytorch/positions.ts')
    return { create: `${positionsClass(source)}()`, weights: [] }
  }
}

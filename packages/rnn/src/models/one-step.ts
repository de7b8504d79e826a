import { parseConfig } from '@heddle/core'
import {
  asPart,
  type BuildContext,
  featureCount,
  Linear,
  Module,
  type PyTorchModule,
  type PyTorchSource,
  vectorInput,
} from '@heddle/layers'
import type * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'
import { cellPoint, type RecurrentCell } from '../cells/cell.ts'
import { cellSpec } from '../stack.ts'

// B batch, F features of the input, H hidden size, C labels

export const oneStepConfig = z.strictObject({
  input: vectorInput.describe('size of the data: a vector { featureSize }'),
  numLabels: z.int().min(1).describe('number of different labels'),
  hiddenSize: featureCount.default(128).describe('size of the hidden state'),
  cell: cellSpec.default('rnn'),
})
export type OneStepConfig = z.input<typeof oneStepConfig>

/** One step of a cell from its initial state, then an output layer: a recurrent network for a sequence of length one. */
export class OneStep extends Module {
  readonly cell: RecurrentCell
  readonly output: Linear // [H, C]

  constructor(config: OneStepConfig, context: BuildContext) {
    super()
    const { input, numLabels, hiddenSize, cell } = parseConfig('OneStep', oneStepConfig, config)
    const sizes = { inputSize: input.featureSize, hiddenSize }
    this.cell = context.registry.create(cellPoint, asPart(cell), { ...context, ...sizes })
    this.output = new Linear({ inputSize: hiddenSize, outputSize: numLabels }, context.rng)
  }

  /**
   * @param x [B, F]
   * @returns logits [B, C]
   */
  override forward(x: tf.Tensor): { logits: tf.Tensor } {
    const { output } = this.cell.forward(x, this.cell.initialState(x.shape[0]!))
    return { logits: this.output.forward(output) }
  }

  /** Capability: describes itself as PyTorch code. */
  async toPyTorch(source: PyTorchSource): Promise<PyTorchModule> {
    const { oneStep } = await import('../pytorch/models.ts')
    return oneStep(this, source)
  }
}

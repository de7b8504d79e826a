import { HeddleError, parseConfig } from '@heddle/core'
import {
  asPart,
  type BuildContext,
  type Encoder,
  encoderPoint,
  Linear,
  Module,
  type PyTorchModule,
  type PyTorchSource,
  partOf,
  vectorInput,
} from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'

// B batch, T rows of pixels, W pixels in a row, D size of a step, S patches in a row, P = S² patches

export const jigsawSolverConfig = z.strictObject({
  input: vectorInput.describe('size of a row of pixels { featureSize }'),
  numRows: z.int().min(1).describe('rows of pixels of a picture'),
  side: z.int().min(2).describe('number of patches in a row and in a column'),
  encoder: partOf(encoderPoint).describe("the network that reads the rows, by name ('recurrent') or as { type, … }"),
})
export type JigsawSolverConfig = z.input<typeof jigsawSolverConfig>

/**
 * Any encoder with a linear head that says which patch stands at each place:
 *
 *     bands = encoder(x).outputs, the rows of pixels of each row of patches side by side    [B, S, T/S·D]
 *     logits = output(bands)                                                                [B, P, P]
 *
 * The encoder's parameters lie below `encoder.`, so that it can be moved to another task.
 *
 * @see Noroozi & Favaro 2016, "Unsupervised learning of visual representations by solving jigsaw puzzles", who classify some
 * permutations; here each place has a distribution over the patches
 */
export class JigsawSolver extends Module {
  readonly encoder: Encoder
  readonly output: Linear // [T/S·D, S·P]
  readonly side: number

  constructor(config: JigsawSolverConfig, context: BuildContext) {
    super()
    const { input, numRows, side, encoder } = parseConfig('JigsawSolver', jigsawSolverConfig, config)
    if (numRows % side !== 0) {
      throw new HeddleError(
        'config',
        `JigsawSolver: expected a number of rows that side divides, got ${numRows} rows and side ${side}.`,
      )
    }
    this.encoder = context.registry.create(encoderPoint, asPart(encoder), { ...context, input })
    const sizes = { inputSize: (numRows / side) * this.encoder.outputSize, outputSize: side ** 3 }
    this.output = new Linear(sizes, context.rng)
    this.side = side
  }

  /**
   * @param x rows of a picture with moved patches, [B, T, W]
   * @returns logits of the patch at each place, [B, P, P]
   */
  override forward(x: tf.Tensor): { logits: tf.Tensor } {
    const { outputs } = this.encoder.forward(x) // [B, T, D]
    const [B, S] = [x.shape[0]!, this.side]
    const bands = tf.reshape(outputs, [B, S, -1]) // [B, S, T/S·D]
    return { logits: tf.reshape(this.output.forward(bands), [B, S * S, S * S]) } // [B, P, P]
  }

  /** Capability: describes itself as PyTorch code. */
  async toPyTorch(source: PyTorchSource): Promise<PyTorchModule> {
    const { jigsawSolver } = await import('../pytorch/pictures.ts')
    return jigsawSolver(this, source)
  }
}

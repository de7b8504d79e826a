import type { Positions } from '@heddle/attention'
import { HeddleError, type RandomStream } from '@heddle/core'
import {
  Dropout,
  Embedding,
  type EncoderInput,
  initializers,
  Linear,
  Module,
  type PyTorchModule,
  type PyTorchSource,
} from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'

// B batch, T time, I size of a step, D hidden size, H height, W width, C channels

/** Setting of the token that fills up short rows. */
export const paddingIndex = z
  .int()
  .min(0)
  .optional()
  .describe(
    'token that fills up short rows: its vector starts at zero and is not trained by being read (default: none)',
  )

export interface InputLayerConfig {
  readonly input: EncoderInput
  readonly hiddenSize: number
  readonly dropout: number
  /** Standard deviation of the initial token vectors. */
  readonly standardDeviation: number
  /** Factor of the token vectors. */
  readonly scale: number
  /** Token whose vector is not trained by being read. */
  readonly paddingIndex?: number | undefined
}

/**
 * The vectors that the first layer reads.
 *
 *     tokens:   scale·embedding(ids) + positions
 *     vectors:  projection(x) + positions;  a step of a picture is a row of pixels
 *
 * @see Vaswani et al. 2017, "Attention is all you need", for a scale of √D
 */
export class InputLayer extends Module {
  readonly embedding?: Embedding // [V, D]
  readonly projection?: Linear // [I, D]
  readonly positions: Positions
  readonly dropout: Dropout
  readonly scale: number

  /** @param embedding a table to share in place of one of its own */
  constructor(config: InputLayerConfig, positions: Positions, rng: RandomStream, embedding?: Embedding) {
    super()
    const { input, hiddenSize, dropout, standardDeviation, scale, paddingIndex } = config
    if ('vocabSize' in input) {
      const sizes = { numEmbeddings: input.vocabSize, embeddingSize: hiddenSize }
      const padding = paddingIndex === undefined ? {} : { paddingIndex }
      this.embedding = embedding ?? new Embedding({ ...sizes, ...padding, standardDeviation }, rng)
    } else {
      const inputSize = 'featureSize' in input ? input.featureSize : input.width * (input.channels ?? 3)
      const initial = { weight: initializers.xavierUniform(), bias: initializers.zeros }
      this.projection = new Linear({ inputSize, outputSize: hiddenSize }, rng, initial)
    }
    this.positions = positions
    this.dropout = new Dropout({ rate: dropout }, rng)
    this.scale = scale
  }

  /**
   * @param source tokens [B, T] of int32, vectors [B, T, I] or pictures [B, H, W, C], top row first
   * @param offset position of the first step
   * @param starts step at which the positions of each row begin, [B]; 0 for all when missing
   * @returns [B, T, D]
   */
  forward(source: tf.Tensor, offset = 0, starts?: Int32Array): tf.Tensor {
    const x = this.embedding === undefined ? this.#projected(source) : this.#embedded(source, this.embedding)
    const T = x.shape[1]!
    const positions = starts === undefined ? this.positions.vectors?.(T, offset) : this.#vectors(T, offset, starts)
    return this.dropout.forward(positions === undefined ? x : tf.add(x, positions))
  }

  /** Vectors of the positions of each row, [B, T, D]; padding has those of the first position. */
  #vectors(T: number, offset: number, starts: Int32Array): tf.Tensor | undefined {
    if (this.positions.vectors === undefined) return undefined
    const all = this.positions.vectors(offset + T - Math.min(...starts), 0)
    const indices = Array.from(starts, (start) => Array.from({ length: T }, (_, t) => Math.max(0, offset + t - start)))
    return tf.gather(all, tf.tensor2d(indices, [starts.length, T], 'int32'))
  }

  #embedded(ids: tf.Tensor, table: Embedding): tf.Tensor {
    if (ids.rank !== 2) throw new HeddleError('shape', `Transformer: expected token ids [B, T], got [${ids.shape}].`)
    const rows = table.forward(ids)
    return this.scale === 1 ? rows : tf.mul(rows, this.scale)
  }

  #projected(source: tf.Tensor): tf.Tensor {
    const [B, T] = source.shape as [number, number]
    if (source.rank === 3) return this.projection!.forward(source)
    if (source.rank === 4) return this.projection!.forward(tf.reshape(source, [B, T, -1])) // [B, H, W·C]
    throw new HeddleError(
      'shape',
      `Transformer: expected vectors [B, T, I] or pictures [B, H, W, C], got [${source.shape}].`,
    )
  }

  /** Capability: describes itself as PyTorch code. */
  async toPyTorch(source: PyTorchSource): Promise<PyTorchModule> {
    const { inputLayer } = await import('./pytorch/layers.ts')
    return inputLayer(this, source)
  }
}

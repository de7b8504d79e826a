import { HeddleError, type RandomStream } from '@heddle/core'
import {
  type Encoder,
  type EncoderOutput,
  Linear,
  Module,
  type PyTorchModule,
  type PyTorchSource,
} from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'
import type { RecurrentState } from '../cells/cell.ts'
import type { Recurrent } from '../recurrent.ts'

// B batch, S steps of the source, M size of a step of the source

export const bridgeKind = z
  .enum(['copy', 'linear', 'mean', 'zeros'])
  .describe(
    "initial state of the decoder: a 'copy' of the encoder's last state, a 'linear' map of it, a linear map of the 'mean' of its outputs, or 'zeros'; by default a copy where the sizes allow it, else linear",
  )
export type BridgeKind = z.output<typeof bridgeKind>

/**
 * Makes the state that a decoder starts from.
 *
 * - copy: the encoder's final state (Sutskever et al. 2014)
 * - linear: tanh(W·state + b) of it, layer by layer; layers that the encoder lacks read its last one (Bahdanau et al. 2015).
 *   Encoders without a state give their summary instead
 * - mean: tanh(W·mean of the outputs + b) (Xu et al. 2015)
 * - zeros: the initial state of the decoder's own layers
 */
export class Bridge extends Module {
  readonly kind: BridgeKind
  readonly layers: readonly (readonly Linear[])[]
  readonly #decoder: Recurrent

  /** @param kind by default copy where the sizes allow it, else linear */
  constructor(kind: BridgeKind | undefined, encoder: Encoder, decoder: Recurrent, rng: RandomStream) {
    super()
    const from = encoder.stateSizes ?? [[encoder.summarySize]]
    const to = decoder.cells.map((cell) => cell.stateSizes)
    const copies = encoder.stateSizes !== undefined && JSON.stringify(from) === JSON.stringify(to)
    this.kind = kind ?? (copies ? 'copy' : 'linear')
    if (this.kind === 'copy' && !copies) {
      const got = encoder.stateSizes === undefined ? 'none' : JSON.stringify(from)
      throw new HeddleError(
        'config',
        `Bridge: expected states of the same sizes to copy, got ${got} from the encoder and ${JSON.stringify(to)} in the decoder. Use a linear bridge.`,
      )
    }
    this.#decoder = decoder
    this.layers =
      this.kind === 'linear' || this.kind === 'mean'
        ? to.map((sizes, layer) =>
            sizes.map((outputSize, i) => {
              const inputSize = this.kind === 'mean' ? encoder.outputSize : itemOrLast(itemOrLast(from, layer), i)
              return new Linear({ inputSize, outputSize }, rng)
            }),
          )
        : []
  }

  override forward(source: EncoderOutput): readonly RecurrentState[] {
    if (this.kind === 'copy') return source.state!
    if (this.kind === 'zeros') return this.#decoder.initialState.forward(source.outputs.shape[0]!)
    const from = this.kind === 'mean' ? [[meanOutput(source)]] : (source.state ?? [[source.summary]])
    return this.layers.map((maps, layer) =>
      maps.map((map, i) => tf.tanh(map.forward(itemOrLast(itemOrLast(from, layer), i)))),
    )
  }

  /** Capability: describes itself as PyTorch code. */
  async toPyTorch(source: PyTorchSource): Promise<PyTorchModule> {
    const { bridge } = await import('../pytorch/decoders.ts')
    return bridge(this, source)
  }
}

/** The item at `i`, or the last one. */
const itemOrLast = <T>(items: readonly T[], i: number): T => items[Math.min(i, items.length - 1)]!

/** @returns [B, M] */
function meanOutput({ outputs, mask }: EncoderOutput): tf.Tensor {
  if (mask === undefined) return tf.mean(outputs, 1)
  const real = tf.expandDims(tf.cast(mask, 'float32'), 2) // [B, S, 1]
  return tf.div(tf.sum(tf.mul(outputs, real), 1), tf.maximum(tf.sum(real, 1), 1))
}

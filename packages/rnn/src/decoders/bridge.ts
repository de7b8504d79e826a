import { HeddleError, type RandomStream } from '@heddle/core'
import { Linear, Module } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import type { RecurrentState } from '../cells/cell.ts'
import type { Recurrent } from '../recurrent.ts'
import type { EncodedSource, SequenceEncoder } from '../recurrent-encoder.ts'

// B batch, S steps of the source, M size of a step of the memory

export const bridgeKind = z
  .enum(['copy', 'linear', 'mean', 'zeros'])
  .describe(
    "how the decoder starts: 'copy' of the encoder's state, its 'linear' map, one of the 'mean' memory, 'zeros'",
  )
export type BridgeKind = z.output<typeof bridgeKind>

/**
 * Makes the state that a decoder starts from.
 *
 * copy: the encoder's final state (Sutskever et al. 2014); linear: tanh(W·state + b) of it, layer by layer, the last one for
 * layers that the encoder lacks (Bahdanau et al. 2015); mean: tanh(W·mean of the memory + b) (Xu et al. 2015); zeros: the decoder's own start.
 */
export class Bridge extends Module {
  readonly kind: BridgeKind
  readonly layers: readonly (readonly Linear[])[]
  readonly #decoder: Recurrent

  /** @param kind copy where the sizes allow it, else linear, when left out */
  constructor(kind: BridgeKind | undefined, encoder: SequenceEncoder, decoder: Recurrent, rng: RandomStream) {
    super()
    const from = encoder.stateSizes
    const to = decoder.cells.map((cell) => cell.stateSizes)
    const copies = JSON.stringify(from) === JSON.stringify(to)
    this.kind = kind ?? (copies ? 'copy' : from.length > 0 ? 'linear' : 'mean')
    if (this.kind === 'copy' && !copies) {
      throw new HeddleError(
        'config',
        `Bridge: expected states of the same sizes to copy, got ${JSON.stringify(from)} from the encoder and ${JSON.stringify(to)} in the decoder. Use a linear bridge.`,
      )
    }
    if (this.kind === 'linear' && from.length === 0) {
      throw new HeddleError('config', 'Bridge: expected an encoder with a state, got one without. Use a mean bridge.')
    }
    this.#decoder = decoder
    if (this.kind === 'linear' || this.kind === 'mean') {
      this.layers = to.map((sizes, layer) =>
        sizes.map((outputSize, i) => {
          const inputSize = this.kind === 'mean' ? encoder.memorySize : nearest(nearest(from, layer), i)
          return new Linear({ inputSize, outputSize }, rng)
        }),
      )
    } else this.layers = []
  }

  override forward(source: EncodedSource): readonly RecurrentState[] {
    if (this.kind === 'copy') return source.state
    if (this.kind === 'zeros') return this.#decoder.startState(source.memory.shape[0]!)
    const mean = this.kind === 'mean' ? meanMemory(source) : undefined
    return this.layers.map((maps, layer) =>
      maps.map((map, i) => tf.tanh(map.forward(mean ?? nearest(nearest(source.state, layer), i)))),
    )
  }
}

/** The item at `i`, or the last one. */
const nearest = <T>(items: readonly T[], i: number): T => items[Math.min(i, items.length - 1)]!

/** @returns [B, M] */
function meanMemory({ memory, mask }: EncodedSource): tf.Tensor {
  if (mask === undefined) return tf.mean(memory, 1)
  const real = tf.expandDims(tf.cast(mask, 'float32'), 2) // [B, S, 1]
  return tf.div(tf.sum(tf.mul(memory, real), 1), tf.maximum(tf.sum(real, 1), 1))
}

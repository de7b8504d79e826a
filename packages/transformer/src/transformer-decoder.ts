import { emptyCache, type Norm } from '@heddle/attention'
import {
  type Embedding,
  type EncoderOutput,
  type Linear,
  Module,
  observe,
  type Parameter,
  type ReadsOut,
} from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import type { InputLayer } from './input-layer.ts'
import type { DecoderLayerState, TransformerDecoderLayer } from './layers/decoder-layer.ts'
import { tiedLogits } from './tied-logits.ts'

// B batch, T steps of the target, S steps of the source, D hidden size, N heads, V vocabulary

export interface TransformerDecoderParts {
  readonly input: InputLayer
  readonly layers: readonly TransformerDecoderLayer[]
  readonly norm?: Norm | undefined
  /** Output layer; without one the logits come from the token vectors. */
  readonly output?: Linear | undefined
  /** Bias of logits that come from the token vectors, [V]. */
  readonly outputBias?: Parameter | undefined
}

/** State that the decoder carries from step to step; every tensor has the batch first. */
export interface TransformerDecoderState {
  readonly layers: readonly DecoderLayerState[]
  /** Number of tokens read. */
  readonly length: number
}

export interface TransformerDecoderStep {
  /** [B, V] */
  readonly logits: tf.Tensor
  /** Share of each source step in what the last layer reads, mean over its heads: [B, S]. */
  readonly attention: tf.Tensor
  readonly state: TransformerDecoderState
}

/**
 * Writes a target token by token; every layer looks at the tokens so far and at the source.
 *
 *     h = norm(layers(input(tokens), source))
 *     logits = output(h), or h·embeddingᵀ where weights are tied
 */
export class TransformerDecoder extends Module implements ReadsOut {
  readonly input: InputLayer
  readonly layers: readonly TransformerDecoderLayer[]
  readonly norm?: Norm
  readonly output?: Linear // [D, V]
  readonly outputBias?: Parameter // [V]

  constructor({ input, layers, norm, output, outputBias }: TransformerDecoderParts) {
    super()
    this.input = input
    this.layers = layers
    if (norm !== undefined) this.norm = norm
    if (output !== undefined) this.output = output
    if (outputBias !== undefined) this.outputBias = outputBias
  }

  /** Capability: names under which `forward` reports the outputs of each layer, [B, T, D], with `observe`. */
  get layerOutputs(): readonly string[] {
    return this.layers.map((_, i) => `layer${i}`)
  }

  /** State before the first token. */
  initialState({ outputs, mask }: EncoderOutput): TransformerDecoderState {
    const layers = this.layers.map(({ crossAttention }) => ({
      cache: emptyCache,
      source: crossAttention.prepare(outputs, mask),
    }))
    return { layers, length: 0 }
  }

  /** @param tokens [B], int32 */
  step(tokens: tf.Tensor, state: TransformerDecoderState): TransformerDecoderStep {
    return this.prefill(tf.expandDims(tokens, 1), state)
  }

  /**
   * Reads several tokens in one pass; logits and attention are those of the last one.
   *
   * @param ids [B, T], int32
   */
  prefill(ids: tf.Tensor, { layers, length }: TransformerDecoderState): TransformerDecoderStep {
    const [B, T] = ids.shape as [number, number]
    let x = this.input.forward(ids, length) // [B, T, D]
    const states: DecoderLayerState[] = []
    let weights: tf.Tensor | undefined
    for (const [i, layer] of this.layers.entries()) {
      const read = layer.extend(x, layers[i]!)
      states.push(read.state)
      weights = read.weights // [B, N, T, S]
      x = read.outputs
    }
    const lastOf = (steps: tf.Tensor) => (T === 1 ? steps : tf.slice(steps, [0, T - 1, 0], [B, 1, -1])) // [B, 1, …]
    return {
      logits: tf.reshape(this.readOut(lastOf(x)), [B, -1]),
      attention: tf.reshape(lastOf(tf.mean(weights!, 1)), [B, -1]),
      state: { layers: states, length: length + T },
    }
  }

  /**
   * Logits of every step of a known target, each from the tokens before it.
   *
   * @param target [B, T], int32
   * @returns [B, T, V]
   */
  override forward(target: tf.Tensor, { outputs, mask }: EncoderOutput): tf.Tensor {
    let x = this.input.forward(target) // [B, T, D]
    observe(this, 'embedded', x)
    for (const [i, layer] of this.layers.entries()) {
      x = layer.forward(x, outputs, mask)
      observe(this, `layer${i}`, x)
    }
    return this.readOut(x)
  }

  /**
   * Capability: logits from the output of a layer, which for the last one are those of the model.
   *
   * @param x [B, T, D]
   * @returns [B, T, V]
   */
  readOut(x: tf.Tensor): tf.Tensor {
    const h = this.norm === undefined ? x : this.norm.forward(x)
    observe(this, 'features', h)
    const { embedding } = this.input as { embedding?: Embedding }
    return this.output === undefined
      ? tiedLogits(h, embedding!.weight.value, this.outputBias?.value)
      : this.output.forward(h)
  }
}

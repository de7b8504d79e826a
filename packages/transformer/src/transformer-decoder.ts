import type { KeyValueCache, Norm, PreparedKeyValues } from '@heddle/attention'
import {
  type Embedding,
  type EncoderOutput,
  type Linear,
  Module,
  observe,
  type Parameter,
  type PyTorchModule,
  type PyTorchSource,
  type ReadsOut,
} from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import type { InputLayer } from './input-layer.ts'
import { stackStep } from './layers/cached-layers.ts'
import type { TransformerDecoderLayer } from './layers/decoder-layer.ts'
import { cachesOf, emptyStack, type StackCaches, selectRows } from './layers/stack-caches.ts'
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

/** State that the decoder carries from step to step. */
export interface TransformerDecoderState {
  readonly caches: StackCaches
  /** Keys and values of the source for each layer, bottom to top. */
  readonly sources: readonly PreparedKeyValues[]
  /** Row of the sources that each row of the batch reads; its own when missing. */
  readonly sourceRows?: Int32Array
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
    const sources = this.layers.map(({ crossAttention }) => crossAttention.prepare(outputs, mask))
    return { caches: emptyStack(this.layers.length), sources }
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
  prefill(ids: tf.Tensor, state: TransformerDecoderState): TransformerDecoderStep {
    const [B, T] = ids.shape as [number, number]
    const { caches, sources, sourceRows } = state
    let x = this.input.forward(ids, caches.length) // [B, T, D]
    const step = T === 1 ? this.#step(x, state) : undefined
    if (step !== undefined) return step
    const before = cachesOf(caches, B)
    const own = sourceRows === undefined ? sources : gatherSources(sources, sourceRows)
    const layers: KeyValueCache[] = []
    let weights: tf.Tensor | undefined
    for (const [i, layer] of this.layers.entries()) {
      const read = layer.extend(x, { cache: before[i]!, source: own[i]! })
      layers.push(read.state.cache)
      weights = read.weights // [B, N, T, S]
      x = read.outputs
    }
    const lastOf = (steps: tf.Tensor) => (T === 1 ? steps : tf.slice(steps, [0, T - 1, 0], [B, 1, -1])) // [B, 1, …]
    return {
      logits: tf.reshape(this.readOut(lastOf(x)), [B, -1]),
      attention: tf.reshape(lastOf(tf.mean(weights!, 1)), [B, -1]),
      state: { caches: { length: caches.length + T, layers }, sources: own },
    }
  }

  /** Capability: row i of the result is row `rows[i]` of a state. */
  select({ caches, sources, sourceRows }: TransformerDecoderState, rows: readonly number[]): TransformerDecoderState {
    return {
      ...{ caches: selectRows(caches, rows), sources },
      sourceRows: Int32Array.from(rows, (row) => sourceRows?.[row] ?? row),
    }
  }

  /** One token for each row, where a kernel computes all layers at once. */
  #step(x: tf.Tensor, { caches, sources, sourceRows }: TransformerDecoderState): TransformerDecoderStep | undefined {
    const { layers, norm, output, outputBias, input } = this
    const table = output === undefined ? (input as { embedding?: Embedding }).embedding!.weight.value : undefined
    const stack = { layers, norm, output, table, outputBias: outputBias?.value }
    const step = stackStep(x, stack, caches, { keyValues: sources, ...(sourceRows && { rows: sourceRows }) })
    if (step === undefined) return undefined
    const state = { caches: step.caches, sources, ...(sourceRows && { sourceRows }) }
    return { logits: step.logits, attention: step.attention!, state }
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

  /** Capability: describes itself as PyTorch code. */
  async toPyTorch(source: PyTorchSource): Promise<PyTorchModule> {
    const { transformerDecoder } = await import('./pytorch/models.ts')
    return transformerDecoder(this, source)
  }
}

function gatherSources(sources: readonly PreparedKeyValues[], rows: Int32Array): PreparedKeyValues[] {
  const index = tf.tensor1d(rows, 'int32')
  return sources.map(({ keys, values, bias }) => ({
    ...{ keys: tf.gather(keys, index), values: tf.gather(values, index) },
    ...(bias && { bias: tf.gather(bias, index) }),
  }))
}

import {
  type CrossAttention,
  type Norm,
  type PreparedKeyValues,
  type SelfAttention,
  wholeCache,
} from '@heddle/attention'
import { type Dropout, fusedKernel, isObserved, type Linear } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import type { FeedForward } from './feed-forward.ts'
import type { Residual } from './residual.ts'
import type { StackCaches } from './stack-caches.ts'

// B batch, L layers, D hidden size, N heads, S steps with the new one, U steps of a source, V vocabulary

interface StackLayer {
  readonly attention: SelfAttention
  readonly attentionNorm: Norm
  readonly crossAttention?: CrossAttention
  readonly crossAttentionNorm?: Norm
  readonly feedForward: FeedForward
  readonly feedForwardNorm: Norm
  readonly residual: Residual
  readonly dropout: Dropout
}

/** Layers, and what makes logits of the outputs of the last one: an output layer, or a table of token vectors. */
export interface LayerStack {
  readonly layers: readonly StackLayer[]
  readonly norm: Norm | undefined
  readonly output: Linear | undefined
  /** [V, D], where there is no output layer. */
  readonly table: tf.Tensor | undefined
  /** Added to logits from the table, [V]. */
  readonly outputBias?: tf.Tensor | undefined
}

/** Sources that the layers look at. */
export interface StackSources {
  /** Keys and values for each layer. */
  readonly keyValues: readonly PreparedKeyValues[]
  /** Row of the sources that each row of the batch reads, [B]; its own when missing. */
  readonly rows?: Int32Array
}

interface StackStep {
  /** [B, V] */
  readonly logits: tf.Tensor
  readonly caches: StackCaches
  /** Weights over the source, mean over the last layer's heads: [B, U]. */
  readonly attention: tf.Tensor | undefined
}

/**
 * One step of all layers as a single call of the backend's kernel for it.
 *
 * @param x [B, 1, D]
 * @returns nothing where there is no such kernel, or a part has no formula that it knows: then the layers compute part by part
 */
export function stackStep(
  x: tf.Tensor,
  stack: LayerStack,
  caches: StackCaches,
  sources?: StackSources,
): StackStep | undefined {
  const kernel = fusedKernel('HeddleCachedLayers')
  if (kernel === undefined || x.rank !== 3 || x.shape[1] !== 1) return undefined
  if (isObserved() || tf.engine().state.gradientDepth > 0) return undefined
  const attributes = attributesOf(stack)
  if (attributes === undefined) return undefined
  const { length, starts, layers, shared } = caches
  const { positions } = stack.layers[0]!.attention
  const scoreBias = positions?.bias?.(1, length + 1) // [1, N, 1, S]
  const inputs = {
    x,
    ...(shared && { weights: shared.weights, caches: shared.memory }),
    ...(layers && length > 0 && numbered('keys', 'values', layers.map(wholeCache))),
    ...(scoreBias && { scoreBias }),
    ...(stack.table && { table: stack.table }),
    ...(sources && numbered('sourceKeys', 'sourceValues', sources.keyValues)),
    ...(sources?.keyValues[0]?.bias && { sourceBias: sources.keyValues[0].bias }),
  }
  const [logits, weights, memory, attention] = kernel(inputs, {
    ...attributes,
    ...{ length, ...(starts && { starts }) },
    ...(shared?.origins && { origins: shared.origins }),
    ...(positions?.rotate && { rotation: positions.rotation!(length) }),
    ...(sources?.rows && { sourceRows: sources.rows }),
  })
  if (logits === undefined) return undefined
  // A kernel that has copied the caches has put each row in its place.
  const isSame = memory!.dataId === shared?.memory.dataId
  const next = { weights: weights!, memory: memory!, ...(isSame && shared?.origins && { origins: shared.origins }) }
  return { logits, caches: { length: length + 1, ...(starts && { starts }), shared: next }, attention }
}

/** Keys and values as inputs of the kernel. */
function numbered(
  keysName: string,
  valuesName: string,
  pairs: readonly { readonly keys: tf.Tensor; readonly values: tf.Tensor }[],
): Record<string, tf.Tensor> {
  const inputs: Record<string, tf.Tensor> = {}
  for (const [i, { keys, values }] of pairs.entries()) {
    inputs[`${keysName}${i}`] = keys
    inputs[`${valuesName}${i}`] = values
  }
  return inputs
}

/** Description of a stack for the kernel; undefined where it knows no formula of a part, or the layers differ in more than weights. */
function attributesOf({ layers, norm, output, table, outputBias }: LayerStack) {
  const [first] = layers
  if (first === undefined || (output === undefined && table === undefined)) return undefined
  const { attention, residual, feedForward } = first
  const { numHeads, numKeyValueHeads, window, positions } = attention
  const { normFirst } = residual
  const activation = feedForward.networkFormula?.activation
  if (normFirst === undefined || activation === undefined) return undefined
  if (positions?.rotate !== undefined && positions.rotation === undefined) return undefined
  const weights = []
  for (const layer of layers) {
    const { attention: own, feedForward: network } = layer
    const alike =
      own.causal &&
      own.numHeads === numHeads &&
      own.numKeyValueHeads === numKeyValueHeads &&
      own.window === window &&
      own.positions === positions &&
      layer.residual.normFirst === normFirst &&
      network.networkFormula?.activation === activation
    const formula = alike ? layerWeights(layer) : undefined
    if (formula === undefined) return undefined
    weights.push(formula)
  }
  const finalNorm = normWeights(norm)
  if (finalNorm === null || (output !== undefined && !isPlain(output))) return undefined
  const head = { norm: finalNorm, map: output && mapWeights(output), bias: outputBias }
  return { normFirst, numHeads, numKeyValueHeads, window, activation, layers: weights, head }
}

function layerWeights(layer: StackLayer) {
  const { attention, attentionNorm, crossAttention, crossAttentionNorm, feedForward, feedForwardNorm, dropout } = layer
  const { query, key, value, output } = attention
  const { gate, input: inner, output: networkOutput } = feedForward.networkFormula!
  const across = crossAttention === undefined ? [] : [crossAttention.query, crossAttention.output]
  const maps = [query, key, value, output, inner, networkOutput, ...across, ...(gate === undefined ? [] : [gate])]
  const drops = [dropout, ...(crossAttention === undefined ? [] : [crossAttention.dropout])].some(isActive)
  if (drops || !maps.every(isPlain) || (crossAttention && crossAttention.numHeads !== attention.numHeads)) {
    return undefined
  }
  const norms = {
    attention: normWeights(attentionNorm),
    query: normWeights(attention.queryNorm),
    key: normWeights(attention.keyNorm),
    source: normWeights(crossAttentionNorm),
    sourceQuery: normWeights(crossAttention?.queryNorm),
    network: normWeights(feedForwardNorm),
  }
  if (Object.values(norms).includes(null)) return undefined
  return {
    attention: {
      ...{ norm: norms.attention, queryNorm: norms.query, keyNorm: norms.key },
      ...{ query: mapWeights(query), key: mapWeights(key), value: mapWeights(value), output: mapWeights(output) },
    },
    ...(crossAttention && {
      source: {
        ...{ norm: norms.source, queryNorm: norms.sourceQuery },
        ...{ query: mapWeights(crossAttention.query), output: mapWeights(crossAttention.output) },
      },
    }),
    network: {
      ...{ norm: norms.network, gate: gate && mapWeights(gate) },
      ...{ inner: mapWeights(inner), output: mapWeights(networkOutput) },
    },
  }
}

const isActive = ({ training, rate }: Dropout): boolean => training && rate > 0

const isPlain = ({ adapter }: Linear): boolean => adapter === undefined

const mapWeights = ({ weight, bias }: Linear) => ({ weight: weight.value, bias: bias?.value })

/** The formula of a norm; undefined without a norm, null where a norm has none. */
function normWeights(norm: Norm | undefined) {
  if (norm === undefined) return undefined
  const formula = norm.normFormula
  if (formula === undefined) return null
  const { centered, epsilon, weight, bias } = formula
  return { centered, epsilon, weight: weight.value, bias: bias?.value }
}

import { type KeyValueCache, type Norm, type SelfAttention, wholeCache } from '@heddle/attention'
import { type Dropout, fusedKernel, isObserved, type Linear } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import type { FeedForward } from './feed-forward.ts'
import type { Residual } from './residual.ts'

// B batch, D hidden size, N heads, G key-value heads, K size of a head, C room of a cache, S steps with the new one

/** The parts of a layer that take part in a step. */
export interface CachedLayerParts {
  readonly residual: Residual
  readonly dropout: Dropout
  readonly attention?: { readonly layer: SelfAttention; readonly norm: Norm; readonly cache: KeyValueCache }
  readonly network?: { readonly layer: FeedForward; readonly norm: Norm }
}

/** Rows of a batch up to which reading every weight once for all rows, unpacked, is faster than products of packed blocks. */
const MOST_ROWS = 8

interface Formula {
  readonly inputs: Record<string, tf.Tensor>
  readonly attributes: object
}

/**
 * One step of self-attention, of a feed-forward network or of both, each in its residual connection, as a single call of the
 * backend's kernel for it.
 *
 * @param x [B, 1, D]
 * @returns outputs [B, 1, D] and the cache with the step; nothing where there is no such kernel, more than one step is read, or a
 * part has no formula that the kernel knows: then the layer computes part by part
 */
export function cachedLayerStep(
  x: tf.Tensor,
  parts: CachedLayerParts,
): { outputs: tf.Tensor; cache: KeyValueCache | undefined } | undefined {
  const kernel = fusedKernel('HeddleCachedLayer')
  if (kernel === undefined || x.rank !== 3 || x.shape[1] !== 1 || x.shape[0]! > MOST_ROWS) return undefined
  const { residual, dropout, attention, network } = parts
  const { normFirst } = residual
  const drops = dropout.training && dropout.rate > 0
  if (normFirst === undefined || drops || isObserved() || tf.engine().state.gradientDepth > 0) return undefined
  const first = attention === undefined ? nothing : attentionFormula(attention)
  const second = network === undefined ? nothing : networkFormula(network)
  if (first === undefined || second === undefined) return undefined
  const attributes = { normFirst, ...first.attributes, ...second.attributes }
  const [outputs, keys, values] = kernel({ x, ...first.inputs, ...second.inputs }, attributes)
  const cache = attention && { keys: [keys!], values: [values!], length: attention.cache.length + 1 }
  return { outputs: outputs!, cache }
}

const nothing: Formula = { inputs: {}, attributes: {} }

function attentionFormula({ layer, norm, cache }: NonNullable<CachedLayerParts['attention']>): Formula | undefined {
  const { query, key, value, output, positions, numHeads, numKeyValueHeads, window, queryNorm, keyNorm } = layer
  if (!layer.causal || window !== undefined || ![query, key, value, output].every(isPlain)) return undefined
  const norms = [normOf('attentionNorm', norm), normOf('queryNorm', queryNorm), normOf('keyNorm', keyNorm)]
  const turns = positions?.rotate !== undefined
  if (!norms.every(isKnown) || (turns && positions.rotation === undefined)) return undefined
  const { length } = cache
  const scoreBias = positions?.bias?.(1, length + 1) // [1, N, 1, S]
  return {
    inputs: {
      ...Object.assign({}, ...norms.map(({ inputs }) => inputs)),
      ...mapOf('query', query),
      ...mapOf('key', key),
      ...mapOf('value', value),
      ...mapOf('output', output),
      ...wholeCache(cache), // [B, G, C, K]
      ...(scoreBias && { scoreBias }),
    },
    attributes: {
      ...Object.assign({}, ...norms.map(({ attributes }) => attributes)),
      ...{ numHeads, numKeyValueHeads, length },
      ...(turns && { rotation: positions.rotation!(length) }),
    },
  }
}

function networkFormula({ layer, norm }: NonNullable<CachedLayerParts['network']>): Formula | undefined {
  const formula = layer.networkFormula
  const { gate, input, output, activation } = formula ?? {}
  const normed = normOf('networkNorm', norm)
  if (normed === undefined || input === undefined || output === undefined) return undefined
  if (![input, output, ...(gate === undefined ? [] : [gate])].every(isPlain)) return undefined
  return {
    inputs: {
      ...normed.inputs,
      ...mapOf('inner', input),
      ...(gate && mapOf('gate', gate)),
      ...mapOf('networkOutput', output),
    },
    attributes: { ...normed.attributes, activation },
  }
}

const isKnown = <T>(value: T | undefined): value is T => value !== undefined

const isPlain = ({ adapter }: Linear): boolean => adapter === undefined

/** Weight and bias of a linear map as inputs of the kernel. */
function mapOf(name: string, { weight, bias }: Linear): Record<string, tf.Tensor> {
  return { [`${name}Weight`]: weight.value, ...(bias && { [`${name}Bias`]: bias.value }) }
}

/** A norm as input and attribute of the kernel; undefined where it has no formula. A missing norm adds nothing. */
function normOf(name: string, norm: Norm | undefined): Formula | undefined {
  if (norm === undefined) return nothing
  const formula = norm.normFormula
  if (formula === undefined) return undefined
  const { centered, epsilon, weight, bias } = formula
  return {
    inputs: { [`${name}Weight`]: weight.value, ...(bias && { [`${name}Bias`]: bias.value }) },
    attributes: { [name]: { centered, epsilon } },
  }
}

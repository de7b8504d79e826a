import type { RandomStream } from '@heddle/core'
import type { Instance } from '../examples/instance.ts'
import { type MaskingOptions, type MaskingVocabulary, maskTokens } from '../masking/mask-tokens.ts'

// B batch, T time, M masked tokens

/** Rows with tokens to predict, padded to the longest of them. */
export interface InstanceBatch {
  readonly shape: readonly [B: number, T: number]
  /** [B, T], row-major. */
  readonly ids: Int32Array
  /** Segment of each token, [B, T], row-major. */
  readonly segments: Int32Array
  /** Number of tokens of each row, [B]. */
  readonly lengths: Int32Array
  /** Places b·T + t of the tokens to predict, [M]. */
  readonly places: Int32Array
  /** Their ids, [M]. */
  readonly labels: Int32Array
  /** [B]: 0 the second segment is right, 1 it is wrong. Undefined for rows without pairs. */
  readonly pairLabels?: Int32Array
  /** Whether the rows are read from left to right, with the next token to predict at each place; masked and read from both sides otherwise. */
  readonly causal?: boolean
}

/**
 * Masks rows and joins them into a batch. One token at least is to be predicted, however short the rows.
 *
 * @param padId fills up short rows
 * @param rngOf the stream of draws of a row
 */
export function maskedBatch<I extends Instance>(
  instances: readonly I[],
  vocabulary: MaskingVocabulary,
  { padId, ...options }: MaskingOptions & { readonly padId: number },
  rngOf: (instance: I, b: number) => RandomStream,
): InstanceBatch {
  const streams = instances.map(rngOf)
  const mask = () => instances.map(({ ids }, b) => maskTokens(ids, vocabulary, options, streams[b]!))
  let masked = mask()
  while (masked.every(({ positions }) => positions.length === 0)) masked = mask()
  return {
    ...padded(instances, masked, padId),
    ...(instances[0]!.pairLabel !== undefined && {
      pairLabels: Int32Array.from(instances, ({ pairLabel }) => pairLabel!),
    }),
  }
}

/** Joins rows into a batch in which each token but the last is to predict the one after it. */
export function nextTokenBatch(instances: readonly Instance[], padId: number): InstanceBatch {
  const rows = instances.map(({ ids }) => {
    const labels = ids.subarray(1)
    return { ids, positions: labels.keys(), labels }
  })
  return { ...padded(instances, rows, padId), causal: true }
}

/** Rows of one shape, with the places at which tokens are to be predicted. */
function padded(
  instances: readonly Instance[],
  rows: readonly {
    readonly ids: Int32Array
    readonly positions: Iterable<number>
    readonly labels: Iterable<number>
  }[],
  padId: number,
) {
  const [B, T] = [rows.length, Math.max(...rows.map(({ ids }) => ids.length))]
  const ids = new Int32Array(B * T).fill(padId)
  const segments = new Int32Array(B * T)
  for (const [b, row] of rows.entries()) {
    ids.set(row.ids, b * T)
    segments.fill(1, b * T + instances[b]!.firstLength, b * T + row.ids.length)
  }
  const flat = (values: (row: (typeof rows)[number], b: number) => Iterable<number>) =>
    Int32Array.from(rows.flatMap((row, b) => [...values(row, b)]))
  return {
    shape: [B, T] as const,
    ids,
    segments,
    lengths: Int32Array.from(rows, (row) => row.ids.length),
    places: flat(({ positions }, b) => Array.from(positions, (t) => b * T + t)),
    labels: flat(({ labels }) => labels),
  }
}

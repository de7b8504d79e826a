import type { RandomStream } from '@heddle/core'
import type { Instance } from '../examples/instance.ts'
import { type MaskingOptions, type MaskingVocabulary, maskTokens } from '../masking/mask-tokens.ts'

// B batch, T time, M masked tokens

/** Masked rows, padded to the longest of them. */
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
  const B = instances.length
  const T = Math.max(...instances.map(({ ids }) => ids.length))
  const streams = instances.map(rngOf)
  const mask = () => instances.map(({ ids }, b) => maskTokens(ids, vocabulary, options, streams[b]!))
  let masked = mask()
  while (masked.every(({ positions }) => positions.length === 0)) masked = mask()
  const ids = new Int32Array(B * T).fill(padId)
  const segments = new Int32Array(B * T)
  for (const [b, row] of masked.entries()) {
    ids.set(row.ids, b * T)
    segments.fill(1, b * T + instances[b]!.firstLength, b * T + row.ids.length)
  }
  const flat = (values: (row: (typeof masked)[number], b: number) => Iterable<number>) =>
    Int32Array.from(masked.flatMap((row, b) => [...values(row, b)]))
  return {
    shape: [B, T],
    ids,
    segments,
    lengths: Int32Array.from(masked, (row) => row.ids.length),
    places: flat(({ positions }, b) => positions.map((t) => b * T + t)),
    labels: flat(({ labels }) => labels),
    ...(instances[0]!.pairLabel !== undefined && {
      pairLabels: Int32Array.from(instances, ({ pairLabel }) => pairLabel!),
    }),
  }
}

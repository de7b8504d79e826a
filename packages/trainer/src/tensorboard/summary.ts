import { encodeProto, type ProtoMessage } from '@heddle/core'
import type { ValueSample } from '../values/value-sample.ts'

// Field numbers of tensorflow's event.proto, summary.proto, tensor.proto and tensorboard's plugin data.
// https://github.com/tensorflow/tensorflow/blob/master/tensorflow/core/framework/summary.proto

/** A value under a tag, as one of the events of a step. */
export type SummaryValue = ProtoMessage

const DT_STRING = 7
const SESSION_START = 1

/** A picture as a PNG file. */
export interface PngPicture {
  readonly png: Uint8Array
  readonly width: number
  readonly height: number
  /** Gray, RGB or RGBA. */
  readonly channels: 1 | 3 | 4
  /** In Markdown. */
  readonly description?: string
}

/** Event that opens a file. */
export const versionEvent = (seconds: number): Uint8Array => encodeProto([time(seconds), [3, 'brain.Event:2']])

/** Event after which TensorBoard drops what it has read of `step` and of later steps. */
export const startEvent = (seconds: number, step: number): Uint8Array =>
  encodeProto([time(seconds), [2, step], [7, [[1, SESSION_START]]]])

/** Event with the values of a step. */
export const valuesEvent = (seconds: number, step: number, values: readonly SummaryValue[]): Uint8Array =>
  encodeProto([time(seconds), [2, step], [5, values.map((value) => [1, value] as const)]])

export const scalarValue = (tag: string, value: number): SummaryValue => [
  [1, tag],
  [2, { float: value }],
]

/** A text in Markdown. */
export const textValue = (tag: string, text: string): SummaryValue => [
  [1, tag],
  [9, [[1, [[1, 'text']]]]],
  [
    8,
    [
      [1, DT_STRING],
      [2, [[2, [[1, 1]]]]],
      [8, text],
    ],
  ],
]

export const imageValue = (
  tag: string,
  { png, width, height, channels, description = '' }: PngPicture,
): SummaryValue => [
  [1, tag],
  [
    9,
    [
      [1, [[1, 'images']]],
      [3, description],
    ],
  ],
  [
    4,
    [
      [1, height],
      [2, width],
      [3, channels],
      [4, png],
    ],
  ],
]

/** Buckets grow by this factor from the smallest one on, with values of either sign. */
const GROWTH = 1.2
const SMALLEST = 1e-12
const LOG_GROWTH = Math.log(GROWTH)
const LOG_SMALLEST = Math.log(SMALLEST)

/**
 * A histogram in buckets whose width is a fifth of their values, as TensorFlow's own are. Counts, sum and sum of squares of a
 * part of the values are scaled to all of them.
 */
export function histogramValue(tag: string, { size, values }: ValueSample): SummaryValue {
  const weight = size / values.length
  const counts = new Map<number, number>()
  let [min, max, sum, squares] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0]
  for (const value of values) {
    if (value < min) min = value
    if (value > max) max = value
    sum += value
    squares += value * value
    const bucket = bucketOf(value)
    counts.set(bucket, (counts.get(bucket) ?? 0) + weight)
  }
  const buckets = [...counts.keys()].sort((a, b) => a - b)
  // A bucket reaches from the limit before it, so that an empty one goes before each that follows a gap.
  const listed = buckets.flatMap((bucket, i) => (bucket - 1 === buckets[i - 1] ? [bucket] : [bucket - 1, bucket]))
  return [
    [1, tag],
    [
      5,
      [
        [1, { double: min }],
        [2, { double: max }],
        [3, { double: size }],
        [4, { double: sum * weight }],
        [5, { double: squares * weight }],
        [6, Float64Array.from(listed, limitOf)],
        [7, Float64Array.from(listed, (bucket) => counts.get(bucket) ?? 0)],
      ],
    ],
  ]
}

/** Number of the bucket: 0 holds values up to the smallest limit in size, n and -n those of either sign that are larger. */
function bucketOf(value: number): number {
  const size = Math.abs(value)
  if (size <= SMALLEST) return 0
  const steps = Math.ceil((Math.log(size) - LOG_SMALLEST) / LOG_GROWTH)
  return value > 0 ? steps : -steps
}

/** Upper limit of a bucket. */
const limitOf = (bucket: number): number =>
  bucket >= 0 ? SMALLEST * GROWTH ** bucket : -SMALLEST * GROWTH ** (-bucket - 1)

const time = (seconds: number) => [1, { double: seconds }] as const

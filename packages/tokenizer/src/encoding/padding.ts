import { HeddleError } from '@heddle/core'
import { Encoding } from './encoding.ts'
import type { FixedRun } from './run.ts'

/** Settings for padding encodings. */
export interface Padding {
  /** A fixed length, or the length of the longest encoding of a batch. */
  readonly strategy: 'batch_longest' | { readonly fixed: number }
  readonly direction: 'right' | 'left'
  /** Rounds the length up to a multiple of this number. */
  readonly padToMultipleOf: number | null
  readonly padId: number
  readonly padTypeId: number
  readonly padToken: string
}

/** Longer encodings are not made: they would exhaust memory. */
const MOST_TOKENS = 2 ** 24

/** Pads all encodings to one length; longer ones stay as they are. */
export function padEncodings(encodings: readonly Encoding[], options: Padding): Encoding[] {
  const { strategy, padToMultipleOf: multiple } = options
  const wanted =
    strategy === 'batch_longest'
      ? encodings.reduce((longest, { length }) => Math.max(longest, length), 0)
      : strategy.fixed
  const length = multiple ? Math.ceil(wanted / multiple) * multiple : wanted
  if (length > MOST_TOKENS) {
    throw new HeddleError(
      'usage',
      `padding: expected a length of at most ${MOST_TOKENS} tokens, got ${length}. Pad to a smaller length or multiple.`,
    )
  }
  return encodings.map((encoding) => padEncoding(encoding, length, options))
}

function padEncoding(encoding: Encoding, length: number, options: Padding): Encoding {
  const overflowing = encoding.overflowing.map((part) => padEncoding(part, length, options))
  const missing = length - encoding.length
  if (missing <= 0) return overflowing.length === 0 ? encoding : new Encoding(encoding.runs, overflowing)
  const padding: FixedRun = {
    kind: 'padding',
    ids: new Int32Array(missing).fill(options.padId),
    tokens: Array<string>(missing).fill(options.padToken),
    typeId: options.padTypeId,
  }
  return new Encoding(
    options.direction === 'right' ? [...encoding.runs, padding] : [padding, ...encoding.runs],
    overflowing,
  )
}

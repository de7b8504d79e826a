import { HeddleError } from '@heddle/core'
import type { Encoding, Tokenizer } from '@heddle/tokenizer'
import * as tf from '@tensorflow/tfjs-core'

// B batch, T time

/** Tokens of a batch as a BERT takes them. */
export interface TokenTensors {
  /** [B, T], int32 */
  readonly ids: tf.Tensor2D
  /** [B], int32 */
  readonly lengths: tf.Tensor1D
  /** [B, T], int32 */
  readonly segments: tf.Tensor2D
}

/** Encodings of different lengths as tensors; short rows are filled up with the padding token. */
export function tokenTensors(encodings: readonly Encoding[], tokenizer: Tokenizer): TokenTensors {
  const [B, T] = [encodings.length, Math.max(...encodings.map(({ length }) => length))]
  const ids = new Int32Array(B * T).fill(paddingId(tokenizer))
  const segments = new Int32Array(B * T)
  const hasSegments = givesSegments(tokenizer)
  for (const [b, encoding] of encodings.entries()) {
    ids.set(encoding.ids, b * T)
    if (hasSegments) segments.set(encoding.typeIds, b * T)
  }
  return {
    ids: tf.tensor2d(ids, [B, T], 'int32'),
    lengths: tf.tensor1d(
      encodings.map(({ length }) => length),
      'int32',
    ),
    segments: tf.tensor2d(segments, [B, T], 'int32'),
  }
}

/**
 * Whether transformers gives a model the segments that this tokenizer computes: `model_input_names` of tokenizer_config.json, or the
 * default of the class that it names. Generic classes have had no segments since transformers 5.
 */
export function givesSegments({ settings: { config } }: Tokenizer): boolean {
  const names = config['model_input_names']
  if (Array.isArray(names)) return names.includes('token_type_ids')
  return !/^(TokenizersBackend|PreTrainedTokenizerFast|Roberta.*|DistilBert.*)$/.test(String(config['tokenizer_class']))
}

/** The id of the padding token, 0 where the vocabulary has none: rows are read up to their length alone. */
export function paddingId(tokenizer: Tokenizer): number {
  return tokenizer.specialId('pad') ?? tokenizer.tokenToId('[PAD]') ?? tokenizer.tokenToId('<pad>') ?? 0
}

export interface WindowOptions {
  /** Largest number of tokens in a window, special ones included. */
  readonly maxLength: number
  /** Number of tokens that a window shares with the one before it. */
  readonly stride: number
}

/**
 * The tokens of a text, or of the second text of a pair, in windows that a model can read; one window where all fits.
 *
 * @throws HeddleError `usage` where the first text of a pair leaves no room for the second
 */
export function encodeWindows(
  tokenizer: Tokenizer,
  texts: readonly [string] | readonly [string, string],
  { maxLength, stride }: WindowOptions,
): Encoding[] {
  const [text, pair] = texts
  const strategy = pair === undefined ? 'only_first' : 'only_second'
  const other = pair === undefined ? 0 : tokenizer.encode(text, undefined, { addSpecialTokens: false }).length
  // A window must hold more than what it shares, or it would not get on.
  if (maxLength - other - SPECIAL < stride + 1) {
    throw new HeddleError(
      'usage',
      `encodeWindows: expected room for more than ${stride} tokens of the text beside ${other} of the question, got windows of ${maxLength} tokens. Shorten the question, or lower the stride.`,
    )
  }
  return truncated(tokenizer, { maxLength, stride, strategy, direction: 'right' }, () => {
    const first = tokenizer.encode(text, pair)
    return [first, ...first.overflowing]
  })
}

/** Special tokens of a pair at most: `<s> A </s></s> B </s>`. */
const SPECIAL = 4

/** The tokens of texts or pairs, cut to what the model reads. */
export function encodeTexts(
  tokenizer: Tokenizer,
  texts: readonly (string | readonly [string, string])[],
  maxLength: number,
): Encoding[] {
  const truncation = { maxLength, stride: 0, strategy: 'longest_first', direction: 'right' } as const
  return truncated(tokenizer, truncation, () =>
    texts.map((text) => (typeof text === 'string' ? tokenizer.encode(text) : tokenizer.encode(text[0], text[1]))),
  )
}

/** Runs `body` with another truncation of the tokenizer, and without padding. */
function truncated<T>(tokenizer: Tokenizer, truncation: Tokenizer['truncation'], body: () => T): T {
  const { truncation: before, padding } = tokenizer
  tokenizer.truncation = truncation
  tokenizer.padding = undefined
  try {
    return body()
  } finally {
    tokenizer.truncation = before
    tokenizer.padding = padding
  }
}

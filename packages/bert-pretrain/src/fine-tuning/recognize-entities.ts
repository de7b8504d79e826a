import { type ConditionalRandomField, type Module, setTraining } from '@heddle/layers'
import type { Encoding, Tokenizer } from '@heddle/tokenizer'
import * as tf from '@tensorflow/tfjs-core'
import { encodeWindows, tokenTensors } from './encoded-texts.ts'
import {
  type AggregationStrategy,
  type Entity,
  type GroupOptions,
  groupEntities,
  type ScoredToken,
  withoutOverlaps,
} from './entities.ts'

// B windows, T time, C labels

/** A model with logits [B, T, C] for tokens, or [B, C] for texts. */
export interface EncoderModelWithLogits extends Module {
  /** Capability: scores the labels of a sequence together, from the logits of its steps. */
  readonly crf?: ConditionalRandomField | undefined
  forward(ids: tf.Tensor, lengths?: tf.Tensor, segments?: tf.Tensor): { logits: tf.Tensor }
}

export interface RecognizeOptions extends Pick<GroupOptions, 'decode'> {
  readonly labels: readonly string[]
  /** Strategy by which tokens are joined (default 'simple'). */
  readonly strategy?: AggregationStrategy
  /** Labels and kinds that are left out (default: `O`). */
  readonly ignore?: readonly string[]
  /** Largest number of tokens that the model reads. */
  readonly maxLength: number
  /** Number of tokens that windows of a longer text share (default: a quarter of maxLength). */
  readonly stride?: number
}

/** The entities of a text, with their places in it. A text that is longer than the model reads is read in windows. */
export async function recognizeEntities(
  model: EncoderModelWithLogits,
  tokenizer: Tokenizer,
  text: string,
  options: RecognizeOptions,
): Promise<Entity[]> {
  const { labels, strategy = 'simple', ignore, decode, maxLength, stride = Math.floor(maxLength / 4) } = options
  const windows = encodeWindows(tokenizer, [text], { maxLength, stride })
  const join = (tokens: readonly string[]) => tokenizer.decoder?.decode([...tokens]).join('') ?? tokens.join(' ')
  const groupOptions = { labels, strategy, join, decode, ...(ignore && { ignore }) }
  const found: Entity[] = []
  for (const window of windows) {
    const probabilities = await tokenProbabilities(model, tokenizer, window)
    found.push(...groupEntities(scoredTokens(window, tokenizer, text, probabilities), groupOptions))
  }
  return windows.length === 1 ? found : withoutOverlaps(found)
}

/** Probabilities of the labels of each token, [T] rows of [C]. */
async function tokenProbabilities(
  model: EncoderModelWithLogits,
  tokenizer: Tokenizer,
  window: Encoding,
): Promise<Float32Array[]> {
  setTraining(model, false)
  const probabilities = tf.tidy(() => {
    const { ids, lengths, segments } = tokenTensors([window], tokenizer)
    return tf.softmax(model.forward(ids, lengths, segments).logits)
  })
  const C = probabilities.shape.at(-1)!
  try {
    const values = (await probabilities.data()) as Float32Array
    return Array.from({ length: window.length }, (_, t) => values.slice(t * C, (t + 1) * C))
  } finally {
    probabilities.dispose()
  }
}

/** The tokens of the text, without those that the post-processor added. */
function scoredTokens(
  window: Encoding,
  tokenizer: Tokenizer,
  text: string,
  probabilities: readonly Float32Array[],
): ScoredToken[] {
  const { ids, tokens, offsets, specialTokensMask } = window
  const hasWords = tokenizer.model.continuingSubwordPrefix !== undefined
  const unknown = tokenizer.specialId('unk') ?? tokenizer.tokenToId('[UNK]') ?? tokenizer.tokenToId('<unk>')
  return Array.from(ids).flatMap((id, index): ScoredToken[] => {
    if (specialTokensMask[index] === 1) return []
    const [start, end] = offsets[index]!
    const part = text.slice(start, end)
    const token = id === unknown ? part : tokens[index]!
    // A vocabulary with a prefix shows which tokens continue a word; otherwise a space between two tokens separates words.
    const isInside = hasWords
      ? [...token].length !== [...part].length
      : start > 0 && !text.slice(start - 1, start + 1).includes(' ')
    const scored = { token, index, start, end, probabilities: probabilities[index]! }
    return [{ ...scored, isSubword: id !== unknown && isInside }]
  })
}

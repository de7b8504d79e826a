import { HeddleError } from '@heddle/core'
import type { Tokenizer } from '@heddle/tokenizer'
import * as tf from '@tensorflow/tfjs-core'
import { bertVocabulary } from './bert-vocabulary.ts'
import type { MaskedLanguageModel } from './masked-language-model.ts'

export interface FilledToken {
  readonly token: string
  readonly id: number
  /** Probability of the token at this place. */
  readonly score: number
  /** The text with this token in the place of the mask. */
  readonly text: string
}

export interface FilledMask {
  /** Place of the mask in the row of tokens. */
  readonly place: number
  /** The most likely tokens, the best first. */
  readonly tokens: readonly FilledToken[]
}

/**
 * Predicts the token of each `[MASK]` of a text.
 *
 * @param top number of tokens for each mask
 * @throws HeddleError `usage` for a text without a mask
 */
export async function fillMask(
  model: MaskedLanguageModel,
  tokenizer: Tokenizer,
  text: string,
  { top = 5 }: { readonly top?: number } = {},
): Promise<FilledMask[]> {
  const { maskId } = bertVocabulary(tokenizer)
  // Here the mask is a control token, unlike in data.
  const { ids, typeIds } = tokenizer.encode(text, undefined, { encodeSpecialTokens: false })
  const places = [...ids.keys()].filter((at) => ids[at] === maskId)
  if (places.length === 0) {
    throw new HeddleError(
      'usage',
      `fill-mask: expected a text with ${tokenizer.idToToken(maskId)}, got ${JSON.stringify(text)}. Put it where a word is to be found.`,
    )
  }
  const result = tf.tidy(() => {
    const input = tf.tensor2d([...ids], [1, ids.length], 'int32')
    const segments = tf.tensor2d([...typeIds], [1, ids.length], 'int32')
    const { logits } = model.forward(input, undefined, { segments, places: tf.tensor1d(places, 'int32') })
    return tf.topk(tf.softmax(logits), Math.min(top, logits.shape.at(-1)!))
  })
  try {
    const [scores, found] = await Promise.all([result.values.array(), result.indices.array()])
    return places.map((place, i) => ({
      place,
      tokens: (found as number[][])[i]!.map((id, k) => ({
        token: tokenizer.decode([id], { skipSpecialTokens: false }).trim(),
        id,
        score: (scores as number[][])[i]![k]!,
        text: textWith(tokenizer, ids, place, id, maskId),
      })),
    }))
  } finally {
    tf.dispose([result.values, result.indices])
  }
}

/** The text with a token in the place of a mask. Other masks stay; special tokens are left out, also one that is predicted. */
function textWith(tokenizer: Tokenizer, ids: ArrayLike<number>, place: number, id: number, maskId: number): string {
  const row = Array.from(ids, (old, at) => (at === place ? id : old))
  const shown = row.filter((each, at) => !tokenizer.isSpecial(each) || (each === maskId && at !== place))
  return tokenizer.decode(shown, { skipSpecialTokens: false })
}

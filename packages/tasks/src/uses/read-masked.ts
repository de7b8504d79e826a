import { HeddleError } from '@heddle/core'
import type { Module } from '@heddle/layers'
import type { Tokenizer } from '@heddle/tokenizer'
import * as tf from '@tensorflow/tfjs-core'
import type { ReadText, TextToken } from './read-text.ts'
import { tokenVocabulary } from './token-vocabulary.ts'

/** Names of the mask in the vocabularies of BERT and of RoBERTa. */
const MASKS = ['[MASK]', '<mask>']

/**
 * A text as a model that finds masked tokens reads it, with the special tokens around it. A mask in the text is the control token.
 *
 * @param model takes token ids [B, T]
 * @throws HeddleError `config` for a tokenizer without a mask
 */
export function readMasked(model: Module, tokenizer: Tokenizer, text: string, where: string): ReadText {
  const mask = MASKS.map((name) => tokenizer.tokenToId(name)).find((id) => id !== undefined)
  if (mask === undefined) {
    throw new HeddleError(
      'config',
      `${where}: expected a tokenizer with one of the tokens ${MASKS.join(', ')}, got one without. Use the model's own.`,
    )
  }
  const { ids, offsets } = tokenizer.encode(text, undefined, { encodeSpecialTokens: false })
  let end = 0
  const tokens = offsets.map(([start, stop], t): TextToken => {
    const id = ids[t]!
    if (start === stop) return { text: tokenizer.idToToken(id) ?? `${id}`, gap: t === 0 ? '' : ' ' }
    const token = { text: text.slice(Math.max(start, end), stop), gap: t === 1 ? ' ' : text.slice(end, start) }
    end = Math.max(end, stop)
    return token
  })
  const places = [...offsets.keys()].filter((t) => offsets[t]![0] < offsets[t]![1])
  const read = (row: readonly number[], shown: readonly TextToken[]): ReadText => ({
    tokens: shown,
    reader: model,
    vocabulary: tokenVocabulary(tokenizer, 'itself'),
    masking: {
      ids: row,
      places,
      masked: (place) =>
        read(
          row.map((id, t) => (t === place ? mask : id)),
          shown.map((token, t) => (t === place ? { ...token, text: tokenizer.idToToken(mask)! } : token)),
        ),
    },
    forward: () => void model.forward(tf.tensor2d([...row], [1, row.length], 'int32')),
  })
  return read([...ids], tokens)
}

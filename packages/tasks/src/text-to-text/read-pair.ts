import type { Module } from '@heddle/layers'
import type { Tokenizer } from '@heddle/tokenizer'
import * as tf from '@tensorflow/tfjs-core'
import type { Seq2SeqModel } from '../sequence-to-text/decode-sources.ts'
import { frameIds, tokenText } from '../sequence-to-text/target-tokens.ts'
import type { ReadPair } from '../uses/read-pair.ts'
import type { TextToken } from '../uses/read-text.ts'
import { textTokens } from '../uses/text-tokens.ts'
import { tokenVocabulary } from '../uses/token-vocabulary.ts'

const START: TextToken = { text: '<sos>', gap: '' }
const END: TextToken = { text: '<eos>', gap: ' ' }

/**
 * A source and its target as an encoder-decoder reads them.
 *
 * @param ids the target, without start and end symbol
 */
export function readPair(
  model: Module,
  tokenizers: { readonly source: Tokenizer; readonly target: Tokenizer },
  text: string,
  ids: readonly number[],
  where: string,
): ReadPair {
  const read = textTokens(tokenizers.source, text, where)
  const source = [...read.ids, frameIds(tokenizers.source).end]
  const { start } = frameIds(tokenizers.target)
  const tokens = writtenTokens(tokenizers.target, ids)
  return {
    source: [...read.tokens, END],
    target: [START, ...tokens],
    written: [...tokens, END],
    text: tokenizers.target.decode([...ids]),
    model,
    vocabulary: tokenVocabulary(tokenizers.target, 'next'),
    forward: () =>
      void (model as Seq2SeqModel).forward(
        tf.tensor2d(source, [1, source.length], 'int32'),
        tf.tensor1d([source.length], 'int32'),
        tf.tensor2d([start, ...ids], [1, ids.length + 1], 'int32'),
      ),
  }
}

/** Tokens as they stand in the decoded text; those without a text of their own by name. */
function writtenTokens(tokenizer: Tokenizer, ids: readonly number[]): TextToken[] {
  const stream = tokenizer.decodeStream()
  return ids.map((id, i) => {
    const piece = stream.push(id)
    const text = piece.trimStart()
    if (text === '') return { text: piece === '' ? tokenText(tokenizer, id) : piece, gap: '' }
    return { text, gap: i === 0 ? '' : piece.slice(0, piece.length - text.length) }
  })
}

import { type Module, readerOf } from '@heddle/layers'
import type { Tokenizer } from '@heddle/tokenizer'
import * as tf from '@tensorflow/tfjs-core'
import type { Seq2SeqModel } from '../sequence-to-text/decode-sources.ts'
import { frameIds } from '../sequence-to-text/target-tokens.ts'
import type { ReadText } from '../uses/read-text.ts'
import { textTokens } from '../uses/text-tokens.ts'

/** A source text as the encoder reads it, with the end symbol that training puts after it. */
export function readSource(model: Module, tokenizer: Tokenizer, text: string, where: string): ReadText {
  const { ids, tokens } = textTokens(tokenizer, text, where)
  const source = [...ids, frameIds(tokenizer).end]
  const { encode } = model as Seq2SeqModel
  return {
    tokens: [...tokens, { text: '<eos>', gap: ' ' }],
    reader: readerOf(model),
    forward: () =>
      void encode.call(model, tf.tensor2d(source, [1, source.length], 'int32'), tf.tensor1d([source.length], 'int32')),
  }
}

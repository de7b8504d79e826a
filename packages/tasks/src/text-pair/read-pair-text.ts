import { HeddleError, show } from '@heddle/core'
import { splitTexts } from '@heddle/data'
import type { Module } from '@heddle/layers'
import type { Tokenizer } from '@heddle/tokenizer'
import * as tf from '@tensorflow/tfjs-core'
import type { ReadText, TextToken } from '../uses/read-text.ts'

/** Between the two texts of a pair in one line, beside a tab. */
const BAR = ' ||| '

/**
 * The two texts of a line, with a tab or ` ||| ` between them.
 *
 * @throws HeddleError `usage` for a line without
 */
export function splitPair(line: string): readonly [string, string] {
  const parts = splitTexts(line)
  if (parts.length === 2) return [parts[0]!, parts[1]!]
  throw new HeddleError(
    'usage',
    `text pair: expected two texts with a tab or '|||' between them, got ${show(line)}. Write "first ||| second".`,
  )
}

export const joinPair = (text: string, pair: string): string => `${text}${BAR}${pair}`

/** A pair as a model of token ids and segments reads it, with the special tokens around the texts. */
export function readPairText(model: Module, tokenizer: Tokenizer, line: string): ReadText {
  const [text, pair] = splitPair(line)
  const { ids, typeIds, offsets, sequenceIds } = tokenizer.encode(text, pair)
  let end = 0
  const tokens = offsets.map(([start, stop], t): TextToken => {
    const sequence = sequenceIds[t]
    if (sequence == null || sequence < 0 || start === stop) {
      end = 0
      return { text: tokenizer.idToToken(ids[t]!) ?? `${ids[t]}`, gap: t === 0 ? '' : ' ' }
    }
    const source = sequence === 0 ? text : pair
    const token = { text: source.slice(Math.max(start, end), stop), gap: end === 0 ? ' ' : source.slice(end, start) }
    end = Math.max(end, stop)
    return token
  })
  const shape: [number, number] = [1, ids.length]
  return {
    tokens,
    reader: model,
    forward: () =>
      void model.forward(
        tf.tensor2d([...ids], shape, 'int32'),
        tf.tensor1d([ids.length], 'int32'),
        tf.tensor2d([...typeIds], shape, 'int32'),
      ),
  }
}

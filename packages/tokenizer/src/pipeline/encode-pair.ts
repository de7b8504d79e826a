import { Encoding } from '../encoding/encoding.ts'
import { joinEncodings } from '../encoding/join-encodings.ts'
import type { TextRun } from '../encoding/run.ts'
import { type Truncation, truncateEncodings } from '../encoding/truncation.ts'
import type { TextInput } from '../tokenizer-options.ts'
import type { PostProcessor } from './points.ts'
import type { TextTokenizer } from './text-tokenizer.ts'

/** Encodes a text or a pair of texts: tokens of each, truncation of both together, special tokens. */
export function encodePair(
  texts: TextTokenizer,
  text: TextInput,
  pair: TextInput | undefined,
  {
    addSpecialTokens,
    encodeSpecialTokens,
    truncation,
    postProcessor,
  }: {
    readonly addSpecialTokens: boolean
    readonly encodeSpecialTokens: boolean
    readonly truncation: Truncation | undefined
    readonly postProcessor: PostProcessor | undefined
  },
): Encoding {
  const first = encodeSequence(texts, text, 0, encodeSpecialTokens)
  if (pair === undefined && truncation === undefined && postProcessor === undefined) return first
  let encodings = [first]
  if (pair !== undefined) encodings.push(encodeSequence(texts, pair, 1, encodeSpecialTokens))
  if (truncation !== undefined) {
    const added = addSpecialTokens ? (postProcessor?.addedTokens(pair !== undefined) ?? 0) : 0
    encodings = truncateEncodings(encodings, truncation, added)
  }
  if (postProcessor !== undefined) encodings = postProcessor.process(encodings, addSpecialTokens)
  return joinEncodings(encodings)
}

function encodeSequence(texts: TextTokenizer, input: TextInput, sequence: number, encodeSpecial: boolean): Encoding {
  const run = (text: string, word?: number): TextRun => {
    const source = texts.encode(text, encodeSpecial)
    return { kind: 'text', source, from: 0, to: source.length, typeId: sequence, sequence, word }
  }
  return new Encoding(typeof input === 'string' ? [run(input)] : input.map(run))
}

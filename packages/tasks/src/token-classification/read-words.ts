import { type Module, readerOf } from '@heddle/layers'
import type { ReadText } from '../uses/read-text.ts'
import { checkedTokens } from '../uses/text-tokens.ts'
import { splitWords } from './split-words.ts'
import type { WordReader } from './word-reader.ts'

/** A text as a model reads it word by word. */
export function readWords(model: Module, reader: WordReader, text: string, where: string): ReadText {
  const words = splitWords(text)
  let end = 0
  const tokens = words.map((word) => {
    const start = text.indexOf(word, end)
    const token = { text: word, gap: text.slice(end, start) }
    end = start + word.length
    return token
  })
  return {
    tokens: checkedTokens(tokens, where),
    reader: readerOf(model),
    forward: () => void model.forward(...reader.collate([reader.encode({ words, tags: [] })]).inputs),
  }
}

import { type Module, readerOf } from '@heddle/layers'
import type { ReadText } from '../uses/read-text.ts'
import { checkedTokens } from '../uses/text-tokens.ts'
import type { WordReader } from './word-reader.ts'

/** A text as a model reads it word by word. */
export function readWords(
  model: Module,
  reader: WordReader,
  text: string,
  { split, where }: { readonly split: (text: string) => readonly string[]; readonly where: string },
): ReadText {
  const words = split(text)
  let end = 0
  const tokens = words.map((word) => {
    // The mark of a blank does not stand in the text.
    const start = Math.max(end, text.indexOf(word, end))
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

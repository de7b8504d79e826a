import type { Tokenizer } from '@heddle/tokenizer'
import type { Vocabulary } from './read-text.ts'

/** A tokenizer's vocabulary for people: the text of a token where it has one of its own, otherwise its name. */
export function tokenVocabulary(tokenizer: Tokenizer, predicts: Vocabulary['predicts']): Vocabulary {
  return {
    predicts,
    tokenText(id) {
      const text = tokenizer.decode([id])
      // Special tokens have no text, nor have parts of a character.
      return text === '' || text.includes('\ufffd') ? (tokenizer.idToToken(id) ?? `${id}`) : text
    },
  }
}

import { bitsPerCharacter, perplexity } from '@heddle/metrics'

/** Sizes of a text: tokens as its tokenizer cuts it, code points, and words with the ends of lines. */
export interface TextSize {
  readonly tokens: number
  readonly characters: number
  readonly words: number
}

/**
 * The metrics of a language model.
 *
 * @param loss mean negative log-likelihood in nats per token
 */
export function languageModelScores(loss: number, { tokens, characters, words }: TextSize): Record<string, number> {
  return {
    loss,
    bitsPerCharacter: bitsPerCharacter(loss * tokens, characters),
    perplexity: perplexity(loss, 1),
    wordPerplexity: perplexity(loss * tokens, words),
    characters,
  }
}

/** Number of code points. */
export function countCharacters(texts: readonly string[]): number {
  let count = 0
  for (const text of texts) for (const _ of text) count++
  return count
}

/** Sizes of texts, and the number of tokens that they are cut into. */
export const sizeOfTexts = (texts: readonly string[], tokens: number): TextSize => ({
  tokens,
  characters: countCharacters(texts),
  words: countWords(texts),
})

/** Number of words between spaces, and of ends of lines, each of which published perplexities count as `<eos>`. */
function countWords(texts: readonly string[]): number {
  let count = 0
  for (const text of texts) for (const _ of text.matchAll(/\n|[^\s]+/g)) count++
  return count
}

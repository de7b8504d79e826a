import { bitsPerCharacter, perplexity } from '@heddle/metrics'

/** Sizes of a text: tokens as its tokenizer cuts it, and code points. */
export interface TextSize {
  readonly tokens: number
  readonly characters: number
}

/**
 * The metrics of a language model.
 *
 * @param loss mean negative log-likelihood in nats per token
 */
export function languageModelScores(loss: number, { tokens, characters }: TextSize): Record<string, number> {
  return {
    loss,
    bitsPerCharacter: bitsPerCharacter(loss * tokens, characters),
    perplexity: perplexity(loss, 1),
    characters,
  }
}

/** Number of code points. */
export function countCharacters(texts: readonly string[]): number {
  let count = 0
  for (const text of texts) for (const _ of text) count++
  return count
}

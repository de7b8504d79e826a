import { Fuse } from './decoders/fuse.ts'
import type { TrainingProgress } from './pipeline/points.ts'
import { type AddedTokenInput, addedToken } from './text/added-token.ts'
import { Tokenizer } from './tokenizer.ts'
import { CharTrainer } from './trainers/char-trainer.ts'

export interface CharTokenizerOptions {
  /** Default none. If `<unk>` is among them, unknown characters become it; otherwise they are an error. */
  readonly specialTokens?: readonly AddedTokenInput[]
  readonly onProgress?: (progress: TrainingProgress) => void
}

const LINES_PER_EVENT = 5000

/**
 * A tokenizer of single characters (code points), for character language models.
 *
 * It knows every character of the lines, and the line feed. Nothing is normalized: `decode(encode(s)) = s` for every `s` of known
 * characters.
 */
export function trainCharTokenizer(lines: Iterable<string>, options: CharTokenizerOptions = {}): Tokenizer {
  const specialTokens = (options.specialTokens ?? []).map((token) => addedToken(token, true))
  const counts = new Map<string, number>([['\n', 0]])
  let done = 0
  for (const line of lines) {
    for (const character of line) counts.set(character, (counts.get(character) ?? 0) + 1)
    if (++done % LINES_PER_EVENT === 0) options.onProgress?.({ stage: 'read lines', done })
  }
  const unkToken = specialTokens.find(({ content }) => content === '<unk>')?.content ?? null
  const trainer = new CharTrainer({ specialTokens, unkToken })
  return new Tokenizer({ model: trainer.train(counts), decoder: new Fuse(), addedTokens: specialTokens })
}

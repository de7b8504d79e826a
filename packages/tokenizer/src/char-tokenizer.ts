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
const CODE_POINTS = 0x110000
const LINE_FEED = 0x0a

/**
 * A tokenizer of single characters (code points), for character language models.
 *
 * It knows every character of the lines, and the line feed. Nothing is normalized: `decode(encode(s)) = s` for every `s` of known
 * characters.
 */
export function trainCharTokenizer(lines: Iterable<string>, options: CharTokenizerOptions = {}): Tokenizer {
  const specialTokens = (options.specialTokens ?? []).map((token) => addedToken(token, true))
  // By code point, as a lookup of strings would take several times as long.
  const counted = new Uint32Array(CODE_POINTS)
  const found = [LINE_FEED]
  let done = 0
  for (const line of lines) {
    for (let i = 0; i < line.length; i++) {
      const point = line.codePointAt(i)!
      if (point > 0xffff) i++
      if (counted[point]!++ === 0 && point !== LINE_FEED) found.push(point)
    }
    if (++done % LINES_PER_EVENT === 0) options.onProgress?.({ stage: 'read lines', done })
  }
  const counts = new Map(found.map((point) => [String.fromCodePoint(point), counted[point]!]))
  const unkToken = specialTokens.find(({ content }) => content === '<unk>')?.content ?? null
  const trainer = new CharTrainer({ specialTokens, unkToken })
  return new Tokenizer({ model: trainer.train(counts), decoder: new Fuse(), addedTokens: specialTokens })
}

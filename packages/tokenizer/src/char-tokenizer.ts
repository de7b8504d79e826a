import { atOnce, inTurns, type Turns } from '@heddle/core'
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
  return atOnce(learnCharacters(lines, options))
}

/** `trainCharTokenizer` in turns, between which others work and a signal may end it, with its reason. */
export async function trainCharTokenizerAsync(
  lines: Iterable<string>,
  { signal, ...options }: CharTokenizerOptions & { readonly signal?: AbortSignal | undefined } = {},
): Promise<Tokenizer> {
  return inTurns(learnCharacters(lines, options), signal)
}

/** Characters of a turn, which takes some milliseconds. */
const TURN = 1 << 16

function* learnCharacters(lines: Iterable<string>, options: CharTokenizerOptions): Turns<Tokenizer> {
  const specialTokens = (options.specialTokens ?? []).map((token) => addedToken(token, true))
  // By code point, as a lookup of strings would take several times as long.
  const counted = new Uint32Array(CODE_POINTS)
  const found = [LINE_FEED]
  let [done, pending] = [0, 0]
  for (const line of lines) {
    for (let from = 0; from < line.length; ) {
      const to = countPoints(line, from, counted, found)
      pending += to - from
      from = to
      if (pending < TURN) continue
      pending = 0
      yield
    }
    if (++done % LINES_PER_EVENT === 0) options.onProgress?.({ stage: 'read lines', done })
  }
  const counts = new Map(found.map((point) => [String.fromCodePoint(point), counted[point]!]))
  const unkToken = specialTokens.find(({ content }) => content === '<unk>')?.content ?? null
  const trainer = new CharTrainer({ specialTokens, unkToken })
  return new Tokenizer({ model: trainer.train(counts), decoder: new Fuse(), addedTokens: specialTokens })
}

/**
 * Counts the code points of a piece of a line, and lists those that are new.
 *
 * @returns the place after the piece
 */
function countPoints(line: string, from: number, counted: Uint32Array, found: number[]): number {
  const end = Math.min(line.length, from + TURN)
  let i = from
  for (; i < end; i++) {
    const point = line.codePointAt(i)!
    if (point > 0xffff) i++
    if (counted[point]!++ === 0 && point !== LINE_FEED) found.push(point)
  }
  return i
}

import { EncodedText, type Segment, type TokenNames } from '../encoding/encoded-text.ts'
import { TokenBuffer } from '../encoding/token-buffer.ts'
import type { AddedVocabulary } from '../text/added-vocabulary.ts'
import { PreTokens, type Spelling } from '../text/pre-tokens.ts'
import { writeUnits } from '../unicode/units.ts'
import type { Model, Normalizer, PreTokenizer } from './points.ts'
import { WordCache } from './word-cache.ts'

/** Larger ids are not cached. */
const MOST_NAMES = 1 << 20

/** Texts to tokens: the pipeline up to the post-processor. */
export class TextTokenizer implements TokenNames {
  readonly surfaceId: number | undefined
  readonly #model: Model
  readonly #normalizer: Normalizer | undefined
  readonly #preTokenizer: PreTokenizer | undefined
  readonly #added: AddedVocabulary
  // Tokens of the current text, and for each pre-token the number of tokens up to its end.
  readonly #buffer = new TokenBuffer()
  #ends = new Int32Array(256)
  // The current pre-token as the model reads it.
  #units = new Uint16Array(1024)
  // One cache for each spelling, since tokens depend on it; the current one is kept apart.
  readonly #caches: Map<Spelling | undefined, WordCache> | undefined
  #cache: WordCache | undefined
  #cachedSpelling: Spelling | undefined
  #names: (string | undefined)[] = []

  constructor(
    model: Model,
    normalizer: Normalizer | undefined,
    preTokenizer: PreTokenizer | undefined,
    added: AddedVocabulary,
  ) {
    this.surfaceId = model.surfaceId
    this.#model = model
    this.#normalizer = normalizer
    this.#preTokenizer = preTokenizer
    this.#added = added
    this.#caches = model.cacheable ? new Map() : undefined
  }

  /** @param encodeSpecial whether special tokens in the text are text like any other */
  encode(text: string, encodeSpecial: boolean): EncodedText {
    const segments = this.#tokenize(text, encodeSpecial)
    const { ids, starts, ends, length } = this.#buffer
    const marks = new Array<number>(4 * length)
    for (let i = 0, at = 0, word = 0; i < length; word++) {
      for (const last = this.#ends[word]!; i < last; i++) {
        marks[at++] = starts[i]!
        marks[at++] = ends[i]!
        marks[at++] = word
        marks[at++] = ids[i]!
      }
    }
    return new EncodedText(text, marks, segments, this)
  }

  /** The ids alone. */
  encodeIds(text: string, encodeSpecial: boolean): number[] {
    this.#tokenize(text, encodeSpecial)
    const { ids, length } = this.#buffer
    const result = new Array<number>(length)
    for (let i = 0; i < length; i++) result[i] = ids[i]!
    return result
  }

  idToToken(id: number): string | undefined {
    const known = this.#names[id]
    return known === undefined ? this.#lookUp(id) : known
  }

  /** Clears cached names. Call it when added tokens change. */
  forgetNames(): void {
    this.#names = []
  }

  #lookUp(id: number): string | undefined {
    const name = this.#added.token(id)?.content ?? this.#model.idToToken(id)
    if (name !== undefined && id < MOST_NAMES) {
      // Filled without gaps: V8 turns an array with large gaps into a slow one.
      for (let next = this.#names.length; next < id; next++) this.#names.push(undefined)
      this.#names[id] = name
    }
    return name
  }

  // Fills the buffer and `#ends`.
  #tokenize(text: string, encodeSpecial: boolean): Segment[] {
    const out = this.#buffer
    out.clear()
    const segments: Segment[] = []
    let word = 0
    for (const { text: aligned, start, end, id } of this.#added.stretches(text, this.#normalizer, encodeSpecial)) {
      const whole = PreTokens.whole(aligned, start, end)
      const added = id >= 0
      const preTokens = added || this.#preTokenizer === undefined ? whole : this.#preTokenizer.preTokenize(whole)
      segments.push({ preTokens, firstWord: word, added })
      if (added) {
        out.push(id, 0, end - start)
        this.#reserveWords(word + 1)
        this.#ends[word] = out.length
      } else this.#tokenizePreTokens(preTokens, word)
      word += preTokens.length
    }
    return segments
  }

  #tokenizePreTokens({ text: { text }, bounds, spelling }: PreTokens, firstWord: number): void {
    const out = this.#buffer
    const cache = this.#cacheOf(spelling)
    this.#reserveWords(firstWord + bounds.length / 2)
    const ends = this.#ends
    for (let i = 0, word = firstWord; i < bounds.length; i += 2, word++) {
      const start = bounds[i]!
      const end = bounds[i + 1]!
      const from = out.length
      if (cache === undefined || !cache.recall(text, start, end, out)) {
        this.#tokenizePreToken(text, start, end, spelling)
        cache?.keep(end - start, out, from)
      }
      ends[word] = out.length
    }
  }

  #tokenizePreToken(text: string, start: number, end: number, spelling: Spelling | undefined): void {
    if (this.#model.tokenizeUnits === undefined) {
      const raw = text.slice(start, end)
      this.#model.tokenize(spelling === undefined ? raw : spelling.spell(raw), this.#buffer)
      return
    }
    const most = (end - start + 1) * (spelling?.most ?? 1)
    if (most > this.#units.length) this.#units = new Uint16Array(2 * most)
    const units = this.#units
    const length =
      spelling === undefined ? writeUnits(text, start, end, units) : spelling.write(text, start, end, units)
    this.#model.tokenizeUnits(units, length, this.#buffer)
  }

  #cacheOf(spelling: Spelling | undefined): WordCache | undefined {
    if (this.#caches === undefined || (this.#cache !== undefined && spelling === this.#cachedSpelling))
      return this.#cache
    this.#cachedSpelling = spelling
    this.#cache = this.#caches.get(spelling)
    if (this.#cache === undefined) this.#caches.set(spelling, (this.#cache = new WordCache()))
    return this.#cache
  }

  #reserveWords(count: number): void {
    if (count <= this.#ends.length) return
    const larger = new Int32Array(2 * count)
    larger.set(this.#ends)
    this.#ends = larger
  }
}

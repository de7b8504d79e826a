import { EncodedText, type Segment, type TextSource, type TokenMarks } from '../encoding/encoded-text.ts'
import { TokenBuffer } from '../encoding/token-buffer.ts'
import type { AddedVocabulary } from '../text/added-vocabulary.ts'
import { AlignedText } from '../text/aligned-text.ts'
import { Bounds } from '../text/bounds.ts'
import { PreTokens, type Spelling } from '../text/pre-tokens.ts'
import { textOf, writeUnits } from '../unicode/units.ts'
import type { Model, Normalizer, PreTokenizer, UnitSplit } from './points.ts'
import { mapsUnits, type UnitModel, unitModelOf, unitSplitOf } from './short-way.ts'
import { UnitTable } from './unit-table.ts'
import { WordCache } from './word-cache.ts'

/** Larger ids are not cached. */
const MOST_NAMES = 1 << 20

/**
 * Texts to tokens: the pipeline up to the post-processor.
 *
 * A text without added tokens, of which every unit is normalized to one unit, takes the short way: its units are written to one array, split
 * and tokenized there. The long way of all other texts makes the same tokens; offsets come from it alone, or from the units' places.
 */
export class TextTokenizer implements TextSource {
  readonly surfaceId: number | undefined
  readonly #model: Model
  readonly #normalizer: Normalizer | undefined
  readonly #preTokenizer: PreTokenizer | undefined
  readonly #added: AddedVocabulary
  // Tokens of the current text, and for each pre-token the number of tokens up to its end.
  readonly #buffer = new TokenBuffer()
  #ends = new Int32Array(256)
  // The current text, its pre-tokens, and the current pre-token as the model reads it.
  #text = new Uint16Array(1024)
  readonly #bounds = new Bounds()
  #units = new Uint16Array(1024)
  // The short way, if the parts allow one; tables are made for the first text.
  readonly #isShort: boolean
  readonly #unitSplit: UnitSplit | undefined
  readonly #unitModel: UnitModel | undefined
  #table: UnitTable | undefined
  // The text of the tokens in the buffer, if it took the short way.
  #lastText: string | undefined
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
    this.#unitModel = unitModelOf(model)
    this.#unitSplit = preTokenizer && unitSplitOf(preTokenizer)
    this.#isShort =
      (normalizer === undefined || mapsUnits(normalizer)) &&
      (preTokenizer === undefined || this.#unitSplit !== undefined) &&
      this.#unitModel !== undefined &&
      model.random !== true
  }

  /** @param encodeSpecial whether special tokens in the text are text like any other */
  encode(text: string, encodeSpecial: boolean): EncodedText {
    if (this.#tokenizeUnits(text)) return new EncodedText(text, this.#ids(), this)
    const segments = this.#tokenize(text, encodeSpecial)
    return new EncodedText(text, this.#ids(), this, { marks: this.#marks(), segments })
  }

  /** The ids alone. */
  encodeIds(text: string, encodeSpecial: boolean): number[] {
    if (!this.#tokenizeUnits(text)) this.#tokenize(text, encodeSpecial)
    const { ids, length } = this.#buffer
    const result = new Array<number>(length)
    for (let i = 0; i < length; i++) result[i] = ids[i]!
    return result
  }

  // Added tokens play no part: a text that has any does not take the short way.
  marks(text: string): TokenMarks {
    if (text !== this.#lastText) {
      this.#readUnits(text)
      this.#tokenizeText(text)
    }
    const normalized = this.#table!.changed ? textOf(this.#text, 0, text.length) : text
    const preTokens = new PreTokens(AlignedText.of(normalized), this.#bounds.toArray(), this.#unitSplit?.spelling)
    return { marks: this.#marks(), segments: [{ preTokens, firstWord: 0, added: false }] }
  }

  idToToken(id: number): string | undefined {
    const known = this.#names[id]
    return known === undefined ? this.#lookUp(id) : known
  }

  /** Forgets names and tables. Call it when added tokens change. */
  forget(): void {
    this.#names = []
    this.#table = undefined
    this.#lastText = undefined
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

  #ids(): Int32Array {
    const { ids, length } = this.#buffer
    const result = new Int32Array(length)
    for (let i = 0; i < length; i++) result[i] = ids[i]!
    return result
  }

  #marks(): number[] {
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
    return marks
  }

  // The short way; false if the text cannot take it.
  #tokenizeUnits(text: string): boolean {
    if (!this.#isShort || !this.#readUnits(text)) return false
    if (this.#table!.watched && this.#added.mayOccur(text, this.#table!.changed)) return false
    this.#tokenizeText(text)
    return true
  }

  #readUnits(text: string): boolean {
    this.#table ??= new UnitTable(this.#normalizer, (unit) => this.#added.startsWith(unit))
    if (text.length > this.#text.length) this.#text = new Uint16Array(2 * text.length)
    return text.length > 0 && this.#table.write(text, this.#text)
  }

  #tokenizeText(text: string): void {
    this.#buffer.clear()
    this.#bounds.clear()
    const unitSplit = this.#unitSplit
    if (unitSplit?.split === undefined) this.#bounds.push(0, text.length)
    else unitSplit.split(this.#text, 0, text.length, this.#bounds)
    this.#tokenizePreTokens(this.#bounds.values, this.#bounds.count, unitSplit?.spelling, 0)
    this.#lastText = text
  }

  // Fills the buffer and `#ends`.
  #tokenize(text: string, encodeSpecial: boolean): Segment[] {
    const out = this.#buffer
    out.clear()
    this.#lastText = undefined
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
      } else {
        const { text: sentence } = preTokens.text
        if (sentence.length > this.#text.length) this.#text = new Uint16Array(2 * sentence.length)
        writeUnits(sentence, 0, sentence.length, this.#text)
        this.#tokenizePreTokens(preTokens.bounds, preTokens.length, preTokens.spelling, word)
      }
      word += preTokens.length
    }
    return segments
  }

  // Tokenizes pre-tokens of the units in `#text`.
  #tokenizePreTokens(
    bounds: ArrayLike<number>,
    count: number,
    spelling: Spelling | undefined,
    firstWord: number,
  ): void {
    const out = this.#buffer
    const cache = this.#cacheOf(spelling)
    this.#reserveWords(firstWord + count)
    const ends = this.#ends
    const text = this.#text
    for (let i = 0; i < count; i++) {
      const start = bounds[2 * i]!
      const end = bounds[2 * i + 1]!
      const from = out.length
      if (cache === undefined || !cache.recall(text, start, end, out)) {
        this.#tokenizePreToken(start, end, spelling)
        cache?.keep(end - start, out, from)
      }
      ends[firstWord + i] = out.length
    }
  }

  #tokenizePreToken(start: number, end: number, spelling: Spelling | undefined): void {
    const model = this.#unitModel
    if (model === undefined) {
      const raw = textOf(this.#text, start, end)
      this.#model.tokenize(spelling === undefined ? raw : spelling.spell(raw), this.#buffer)
      return
    }
    if (spelling === undefined) {
      model.tokenizeUnits(this.#text, start, end, this.#buffer)
      return
    }
    const most = (end - start + 1) * spelling.most
    if (most > this.#units.length) this.#units = new Uint16Array(2 * most)
    model.tokenizeUnits(this.#units, 0, spelling.write(this.#text, start, end, this.#units), this.#buffer)
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

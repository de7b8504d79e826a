import type { Registry } from '@heddle/core'
import { DecodeStream } from './decode-stream.ts'
import { type AddedToken, type AddedTokenInput, addedToken } from './pipeline/added-token.ts'
import { AddedVocabulary } from './pipeline/added-vocabulary.ts'
import { EncodedText, type Segment } from './pipeline/encoded-text.ts'
import { Encoding } from './pipeline/encoding.ts'
import { joinEncodings } from './pipeline/join-encodings.ts'
import { type Padding, padEncodings } from './pipeline/padding.ts'
import { Pieces, type Spelling } from './pipeline/pieces.ts'
import type { Decoder, Model, Normalizer, PostProcessor, PreTokenizer, Trainer } from './pipeline/points.ts'
import { TokenBuffer } from './pipeline/token-buffer.ts'
import { type Truncation, truncateEncodings } from './pipeline/truncation.ts'
import { WordCache } from './pipeline/word-cache.ts'
import { readTokenizerJson, writeTokenizerJson } from './tokenizer-json.ts'
import { countPieces, countPiecesAsync, type TrainOptions } from './trainers/count-pieces.ts'

/** What a tokenizer consists of. Only the model is needed. */
export interface TokenizerParts {
  readonly model: Model
  readonly normalizer?: Normalizer | undefined
  readonly preTokenizer?: PreTokenizer | undefined
  readonly postProcessor?: PostProcessor | undefined
  readonly decoder?: Decoder | undefined
  /** Tokens beside the model's vocabulary; with an id, or with the one that the model knows them by, or with the next free one. */
  readonly addedTokens?: readonly (AddedTokenInput | (AddedToken & { readonly id: number }))[] | undefined
  readonly truncation?: Truncation | undefined
  readonly padding?: Padding | undefined
}

export interface EncodeOptions {
  /** Whether the post-processor adds its special tokens. Default true. */
  readonly addSpecialTokens?: boolean
}

export interface DecodeOptions {
  /** Whether special tokens are left out. Default true. */
  readonly skipSpecialTokens?: boolean
}

/** A part of the pipeline for `Tokenizer.train`: all but the model, which the trainer makes. */
export interface TrainedParts extends TrainOptions {
  readonly decoder?: Decoder | undefined
  /** A function is given the trained tokenizer, to look up the ids of special tokens. */
  readonly postProcessor?: PostProcessor | ((tokenizer: Tokenizer) => PostProcessor) | undefined
}

/**
 * Text to token ids and back: normalizer, pre-tokenizer, model, post-processor and decoder, each exchangeable, as in Hugging Face's
 * library, whose tokenizer.json it reads and writes.
 *
 * @see https://huggingface.co/docs/tokenizers/pipeline
 */
export class Tokenizer {
  readonly model: Model
  readonly normalizer: Normalizer | undefined
  readonly preTokenizer: PreTokenizer | undefined
  readonly decoder: Decoder | undefined
  postProcessor: PostProcessor | undefined
  truncation: Truncation | undefined
  padding: Padding | undefined
  readonly #added = new AddedVocabulary()
  readonly #buffer = new TokenBuffer()
  #words = new Int32Array(256)
  readonly #cache: WordCache | undefined
  #cachedSpelling: Spelling | undefined

  constructor(parts: TokenizerParts) {
    this.model = parts.model
    this.normalizer = parts.normalizer
    this.preTokenizer = parts.preTokenizer
    this.postProcessor = parts.postProcessor
    this.decoder = parts.decoder
    this.truncation = parts.truncation
    this.padding = parts.padding
    this.#cache = parts.model.cacheable ? new WordCache() : undefined
    const withId = (token: AddedTokenInput): token is AddedToken & { id: number } =>
      typeof token === 'object' && 'id' in token
    for (const token of parts.addedTokens ?? []) if (withId(token)) this.#added.set(token.id, addedToken(token))
    this.addTokens((parts.addedTokens ?? []).filter((token) => !withId(token)))
  }

  /**
   * Reads a tokenizer.json, as text or parsed.
   *
   * @param options.registry where parts are looked up by their `type`; all of this package's are known without one
   * @throws HeddleError `format` or `config`, naming the place in the file
   */
  static fromJSON(json: unknown, options: { readonly registry?: Registry } = {}): Tokenizer {
    return new Tokenizer(readTokenizerJson(json, options.registry))
  }

  /**
   * Trains a model on lines of text, which are read one by one, and puts it together with the other parts.
   *
   * @param lines one or many sentences each
   * @param trainer what kind of model, and how large
   */
  static train(lines: Iterable<string>, trainer: Trainer, parts: TrainedParts = {}): Tokenizer {
    return trained(trainer, countPieces(lines, parts), parts)
  }

  /** `train` on lines that arrive over time. */
  static async trainAsync(
    lines: AsyncIterable<string> | Iterable<string>,
    trainer: Trainer,
    parts: TrainedParts = {},
  ): Promise<Tokenizer> {
    return trained(trainer, await countPiecesAsync(lines, parts), parts)
  }

  /** What `JSON.stringify` writes as tokenizer.json. */
  toJSON(): object {
    return writeTokenizerJson({
      ...this.#parts(),
      addedTokens: this.#added.entries().map(([id, token]) => ({ ...token, id })),
    })
  }

  /** The tokens of a text, or of a pair of texts. */
  encode(text: string, pair?: string | undefined, options: EncodeOptions = {}): Encoding {
    const encoding = this.#encodeOne(text, pair, options)
    return this.padding === undefined ? encoding : padEncodings([encoding], this.padding)[0]!
  }

  /** The tokens of many texts or pairs, padded to one length if padding is on. */
  encodeBatch(texts: readonly (string | readonly [string, string])[], options: EncodeOptions = {}): Encoding[] {
    const encodings = texts.map((text) =>
      typeof text === 'string' ? this.#encodeOne(text, undefined, options) : this.#encodeOne(text[0], text[1], options),
    )
    return this.padding === undefined ? encodings : padEncodings(encodings, this.padding)
  }

  /** The ids that `encode` gives, without the rest. */
  encodeIds(text: string, options: EncodeOptions = {}): number[] {
    if (this.postProcessor !== undefined || this.truncation !== undefined || this.padding !== undefined) {
      return Array.from(this.encode(text, undefined, options).ids)
    }
    this.#tokenize(text)
    const { ids, length } = this.#buffer
    const result = new Array<number>(length)
    for (let i = 0; i < length; i++) result[i] = ids[i]!
    return result
  }

  /** The text that tokens stand for; ids that nothing is known of are left out. */
  decode(ids: ArrayLike<number>, options: DecodeOptions = {}): string {
    const skip = options.skipSpecialTokens ?? true
    const tokens: string[] = []
    for (let i = 0; i < ids.length; i++) {
      const id = ids[i]!
      const token = this.#added.text(id) ?? this.model.idToToken(id)
      if (token !== undefined && !(skip && this.#added.isSpecial(id))) tokens.push(token)
    }
    return this.decoder === undefined ? tokens.join(' ') : this.decoder.decode(tokens).join('')
  }

  decodeBatch(batch: readonly ArrayLike<number>[], options: DecodeOptions = {}): string[] {
    return batch.map((ids) => this.decode(ids, options))
  }

  /** Decodes ids one by one, as a language model produces them. */
  decodeStream(options: DecodeOptions = {}): DecodeStream {
    return new DecodeStream((ids) => this.decode(ids, options))
  }

  tokenToId(token: string): number | undefined {
    return this.#added.id(token) ?? this.model.tokenToId(token)
  }

  idToToken(id: number): string | undefined {
    return this.#added.token(id)?.content ?? this.model.idToToken(id)
  }

  /** Whether decoding leaves the token out. */
  isSpecial(id: number): boolean {
    return this.#added.isSpecial(id)
  }

  /** The number of tokens, added ones included. */
  get vocabSize(): number {
    let size = this.model.vocabSize
    for (const token of this.#added.ids().keys()) if (this.model.tokenToId(token) === undefined) size++
    return size
  }

  /** All tokens and their ids, added ones included. */
  vocabulary(): Map<string, number> {
    const vocabulary = this.model.vocabulary()
    for (const [token, id] of this.#added.ids()) vocabulary.set(token, id)
    return vocabulary
  }

  /** The added tokens and their ids, ids ascending. */
  addedTokens(): [number, AddedToken][] {
    return this.#added.entries()
  }

  /**
   * Adds tokens that are found in text as a whole, and are never split.
   *
   * @returns how many were new or changed
   */
  addTokens(tokens: readonly AddedTokenInput[]): number {
    return this.#added.add(
      tokens.map((token) => addedToken(token)),
      this.model,
      this.normalizer,
    )
  }

  /** Adds tokens that decoding leaves out. */
  addSpecialTokens(tokens: readonly AddedTokenInput[]): number {
    return this.#added.add(
      tokens.map((token) => addedToken(token, true)),
      this.model,
      this.normalizer,
    )
  }

  /** Cuts encodings to `maxLength` tokens from now on. */
  enableTruncation(options: Partial<Truncation> & Pick<Truncation, 'maxLength'>): void {
    this.truncation = { stride: 0, strategy: 'longest_first', direction: 'right', ...options }
  }

  /** Pads encodings to one length from now on. */
  enablePadding(options: Partial<Padding> = {}): void {
    const defaults = { padId: 0, padTypeId: 0, padToken: '[PAD]', padToMultipleOf: null }
    this.padding = { strategy: 'batch_longest', direction: 'right', ...defaults, ...options }
  }

  #parts(): TokenizerParts {
    const { model, normalizer, preTokenizer, postProcessor, decoder, truncation, padding } = this
    return { model, normalizer, preTokenizer, postProcessor, decoder, truncation, padding }
  }

  #encodeOne(text: string, pair: string | undefined, { addSpecialTokens = true }: EncodeOptions): Encoding {
    let encodings = (pair === undefined ? [text] : [text, pair]).map((one, sequence) => {
      const source = this.#encodeText(one)
      return new Encoding([{ kind: 'text', source, from: 0, to: source.length, typeId: sequence, sequence }])
    })
    if (this.truncation !== undefined) {
      const added = addSpecialTokens ? (this.postProcessor?.addedTokens(pair !== undefined) ?? 0) : 0
      encodings = truncateEncodings(encodings, {
        ...this.truncation,
        maxLength: Math.max(0, this.truncation.maxLength - added),
      })
    }
    if (this.postProcessor !== undefined) encodings = this.postProcessor.process(encodings, addSpecialTokens)
    return joinEncodings(encodings)
  }

  #encodeText(text: string): EncodedText {
    const segments = this.#tokenize(text)
    const { ids, starts, ends, length } = this.#buffer
    const words = this.#words
    const marks = new Array<number>(3 * length)
    for (let i = 0, at = 0; i < length; i++) {
      marks[at++] = starts[i]!
      marks[at++] = ends[i]!
      marks[at++] = words[i]!
    }
    return new EncodedText(text, ids.slice(0, length), marks, segments, this)
  }

  /** The model's surface id, for encodings. */
  get surfaceId(): number | undefined {
    return this.model.surfaceId
  }

  // Fills the buffer and the words beside it.
  #tokenize(text: string): Segment[] {
    const out = this.#buffer
    out.clear()
    const segments: Segment[] = []
    let word = 0
    for (const { text: aligned, start, end, id } of this.#added.stretches(text, this.normalizer)) {
      const whole = Pieces.whole(aligned, start, end)
      const added = id >= 0
      const pieces = added || this.preTokenizer === undefined ? whole : this.preTokenizer.preTokenize(whole)
      segments.push({ pieces, firstWord: word, added })
      if (added) {
        out.push(id, 0, end - start)
        this.#nameWord(word, out.length - 1)
      } else this.#tokenizePieces(pieces, word)
      word += pieces.length
    }
    return segments
  }

  #tokenizePieces({ text: { text }, bounds, spelling }: Pieces, firstWord: number): void {
    const out = this.#buffer
    const cache = this.#cache
    if (cache !== undefined && spelling !== this.#cachedSpelling) {
      cache.clear()
      this.#cachedSpelling = spelling
    }
    for (let i = 0, word = firstWord; i < bounds.length; i += 2, word++) {
      const start = bounds[i]!
      const end = bounds[i + 1]!
      const from = out.length
      if (cache === undefined || !cache.recall(text, start, end, out)) {
        const raw = text.slice(start, end)
        this.model.tokenize(spelling === undefined ? raw : spelling.spell(raw), out)
        cache?.keep(text, start, end, out, from)
      }
      this.#nameWord(word, from)
    }
  }

  #nameWord(word: number, from: number): void {
    const { length } = this.#buffer
    if (length > this.#words.length) {
      const larger = new Int32Array(this.#buffer.ids.length)
      larger.set(this.#words)
      this.#words = larger
    }
    const words = this.#words
    for (let i = from; i < length; i++) words[i] = word
  }
}

function trained(trainer: Trainer, counts: ReadonlyMap<string, number>, parts: TrainedParts): Tokenizer {
  const model = trainer.train(counts, parts.onProgress)
  const { normalizer, preTokenizer, decoder, postProcessor } = parts
  const tokenizer = new Tokenizer({ model, normalizer, preTokenizer, decoder, addedTokens: trainer.specialTokens })
  tokenizer.postProcessor = typeof postProcessor === 'function' ? postProcessor(tokenizer) : postProcessor
  return tokenizer
}

import type { Registry } from '@heddle/core'
import { DecodeStream } from './decode-stream.ts'
import { type AddedToken, type AddedTokenInput, addedToken } from './pipeline/added-token.ts'
import { AddedVocabulary } from './pipeline/added-vocabulary.ts'
import { Encoding } from './pipeline/encoding.ts'
import { joinEncodings } from './pipeline/join-encodings.ts'
import { type Padding, padEncodings } from './pipeline/padding.ts'
import type { Decoder, Model, Normalizer, PostProcessor, PreTokenizer, Trainer } from './pipeline/points.ts'
import type { TextRun } from './pipeline/run.ts'
import { TextTokenizer } from './pipeline/text-tokenizer.ts'
import { type Truncation, truncateEncodings } from './pipeline/truncation.ts'
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

/** A text; or one that is in words already, as for tagging: `wordIds` then tells which of them a token belongs to, and offsets count within it. */
export type TextInput = string | readonly string[]

/** A text or a pair of texts of a batch. */
export type BatchInput = TextInput | readonly [TextInput, TextInput]

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
  readonly #texts: TextTokenizer

  constructor(parts: TokenizerParts) {
    this.model = parts.model
    this.normalizer = parts.normalizer
    this.preTokenizer = parts.preTokenizer
    this.postProcessor = parts.postProcessor
    this.decoder = parts.decoder
    this.truncation = parts.truncation
    this.padding = parts.padding
    this.#texts = new TextTokenizer(parts.model, parts.normalizer, parts.preTokenizer, this.#added)
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

  /** The tokens of a text, or of a pair of texts. A list of strings is a text that is in words already: each is split on its own. */
  encode(text: TextInput, pair?: TextInput | undefined, options: EncodeOptions = {}): Encoding {
    const encoding = this.#encodeOne(text, pair, options)
    return this.padding === undefined ? encoding : padEncodings([encoding], this.padding)[0]!
  }

  /**
   * The tokens of many texts or pairs, padded to one length if padding is on.
   *
   * @param texts strings, and for pairs lists of two strings; with `isSplitIntoWords`, lists of words and, for pairs, two of them in a list
   */
  encodeBatch(texts: readonly BatchInput[], options: EncodeOptions & { isSplitIntoWords?: boolean } = {}): Encoding[] {
    const encodings = texts.map((text) => {
      const isPair = Array.isArray(text) && (options.isSplitIntoWords !== true || Array.isArray(text[0]))
      const [first, second] = (isPair ? text : [text]) as [TextInput, TextInput | undefined]
      return this.#encodeOne(first, second, options)
    })
    return this.padding === undefined ? encodings : padEncodings(encodings, this.padding)
  }

  /** The ids that `encode` gives, without the rest. */
  encodeIds(text: TextInput, options: EncodeOptions = {}): number[] {
    const isPlain = this.postProcessor === undefined && this.truncation === undefined && this.padding === undefined
    return isPlain && typeof text === 'string'
      ? this.#texts.encodeIds(text)
      : Array.from(this.encode(text, undefined, options).ids)
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
    return this.#texts.idToToken(id)
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
    return this.#add(tokens.map((token) => addedToken(token)))
  }

  /** Adds tokens that decoding leaves out. */
  addSpecialTokens(tokens: readonly AddedTokenInput[]): number {
    return this.#add(tokens.map((token) => addedToken(token, true)))
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

  #add(tokens: readonly AddedToken[]): number {
    this.#texts.forgetNames()
    return this.#added.add(tokens, this.model, this.normalizer)
  }

  #parts(): TokenizerParts {
    const { model, normalizer, preTokenizer, postProcessor, decoder, truncation, padding } = this
    return { model, normalizer, preTokenizer, postProcessor, decoder, truncation, padding }
  }

  #encodeOne(text: TextInput, pair: TextInput | undefined, { addSpecialTokens = true }: EncodeOptions): Encoding {
    let encodings = [this.#encodeSequence(text, 0)]
    if (pair !== undefined) encodings.push(this.#encodeSequence(pair, 1))
    if (this.truncation !== undefined) {
      const added = addSpecialTokens ? (this.postProcessor?.addedTokens(pair !== undefined) ?? 0) : 0
      encodings = truncateEncodings(encodings, this.truncation, added)
    }
    if (this.postProcessor !== undefined) encodings = this.postProcessor.process(encodings, addSpecialTokens)
    return joinEncodings(encodings)
  }

  #encodeSequence(input: TextInput, sequence: number): Encoding {
    const run = (text: string, word?: number): TextRun => {
      const source = this.#texts.encode(text)
      return { kind: 'text', source, from: 0, to: source.length, typeId: sequence, sequence, word }
    }
    return new Encoding(typeof input === 'string' ? [run(input)] : input.map(run))
  }
}

function trained(trainer: Trainer, counts: ReadonlyMap<string, number>, parts: TrainedParts): Tokenizer {
  const model = trainer.train(counts, parts.onProgress)
  const { normalizer, preTokenizer, decoder, postProcessor } = parts
  const tokenizer = new Tokenizer({ model, normalizer, preTokenizer, decoder, addedTokens: trainer.specialTokens })
  tokenizer.postProcessor = typeof postProcessor === 'function' ? postProcessor(tokenizer) : postProcessor
  return tokenizer
}

import { DecodeStream, type DecodeStreamOptions } from './encoding/decode-stream.ts'
import { Encoding } from './encoding/encoding.ts'
import { joinEncodings } from './encoding/join-encodings.ts'
import { type Padding, padEncodings } from './encoding/padding.ts'
import type { TextRun } from './encoding/run.ts'
import { type Truncation, truncateEncodings } from './encoding/truncation.ts'
import type { Decoder, Model, Normalizer, PostProcessor, PreTokenizer, Trainer } from './pipeline/points.ts'
import { TextTokenizer } from './pipeline/text-tokenizer.ts'
import { type AddedToken, type AddedTokenInput, addedToken } from './text/added-token.ts'
import { AddedVocabulary } from './text/added-vocabulary.ts'
import { type ReadOptions, readTokenizerJson, writeTokenizerJson } from './tokenizer-json.ts'
import { countPreTokens, countPreTokensAsync, type TrainOptions } from './trainers/count-pre-tokens.ts'

/** The parts of a tokenizer. Only the model is required. */
export interface TokenizerParts {
  readonly model: Model
  readonly normalizer?: Normalizer | undefined
  readonly preTokenizer?: PreTokenizer | undefined
  readonly postProcessor?: PostProcessor | undefined
  readonly decoder?: Decoder | undefined
  /** Tokens beside the model's vocabulary. Without an id, a token keeps its id in the model or gets the next free one. */
  readonly addedTokens?: readonly (AddedTokenInput | (AddedToken & { readonly id: number }))[] | undefined
  readonly truncation?: Truncation | undefined
  readonly padding?: Padding | undefined
  /** Default of the encode option of the same name. Default false. */
  readonly encodeSpecialTokens?: boolean | undefined
}

/** A text, or a list of words, as for tagging: `wordIds` then holds the number of each token's word, and offsets count within the word. */
export type TextInput = string | readonly string[]

/** A text or a pair of texts in a batch. */
export type BatchInput = TextInput | readonly [TextInput, TextInput]

export interface EncodeOptions {
  /** Whether the post-processor adds its special tokens. Default true. */
  readonly addSpecialTokens?: boolean
  /**
   * Whether special tokens in the text are plain text instead of themselves, so that data cannot inject them. Default: the tokenizer's setting,
   * which is false for a tokenizer.json and true for SentencePiece models, as in the libraries that these come from.
   */
  readonly encodeSpecialTokens?: boolean
}

export interface DecodeOptions {
  /** Whether to skip special tokens. Default true. */
  readonly skipSpecialTokens?: boolean
}

/** The parts for `Tokenizer.train`, without the model, which the trainer creates. */
export interface TrainedParts extends TrainOptions {
  readonly decoder?: Decoder | undefined
  /** A post-processor, or a function that creates it from the trained tokenizer, to look up the ids of special tokens. */
  readonly postProcessor?: PostProcessor | ((tokenizer: Tokenizer) => PostProcessor) | undefined
}

/**
 * Converts text to token ids and back by a normalizer, pre-tokenizer, model, post-processor and decoder. Reads and writes the
 * tokenizer.json of Hugging Face's library.
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
  /** Whether special tokens in a text are plain text unless `encode` is told otherwise. */
  encodeSpecialTokens: boolean
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
    this.encodeSpecialTokens = parts.encodeSpecialTokens ?? false
    this.#texts = new TextTokenizer(parts.model, parts.normalizer, parts.preTokenizer, this.#added)
    const withId = (token: AddedTokenInput): token is AddedToken & { id: number } =>
      typeof token === 'object' && 'id' in token
    for (const token of parts.addedTokens ?? []) if (withId(token)) this.#added.set(token.id, addedToken(token))
    this.addTokens((parts.addedTokens ?? []).filter((token) => !withId(token)))
  }

  /**
   * Reads a tokenizer.json, as text or parsed.
   *
   * Unknown keys are ignored with a warning, as the Rust library does.
   *
   * @throws HeddleError `format` or `config`, naming the place in the file
   */
  static fromJSON(json: unknown, options: ReadOptions = {}): Tokenizer {
    return new Tokenizer(readTokenizerJson(json, options))
  }

  /**
   * Trains a model on lines of text, read one at a time, and combines it with the other parts.
   *
   * @param lines texts of one or more sentences
   * @param trainer kind and size of the model
   */
  static train(lines: Iterable<string>, trainer: Trainer, parts: TrainedParts = {}): Tokenizer {
    return trained(trainer, countPreTokens(lines, parts), parts)
  }

  /** `train` on lines that arrive over time. */
  static async trainAsync(
    lines: AsyncIterable<string> | Iterable<string>,
    trainer: Trainer,
    parts: TrainedParts = {},
  ): Promise<Tokenizer> {
    return trained(trainer, await countPreTokensAsync(lines, parts), parts)
  }

  /** The content of tokenizer.json, for `JSON.stringify`. */
  toJSON(): object {
    return writeTokenizerJson({
      ...this.#parts(),
      addedTokens: this.#added.entries().map(([id, token]) => ({ ...token, id })),
    })
  }

  /** Encodes a text or a pair of texts. A list of strings is a text that is split into words already. */
  encode(text: TextInput, pair?: TextInput | undefined, options: EncodeOptions = {}): Encoding {
    const encoding = this.#encodeOne(text, pair, options)
    return this.padding === undefined ? encoding : padEncodings([encoding], this.padding)[0]!
  }

  /**
   * Encodes many texts or pairs, padded to one length if padding is enabled.
   *
   * @param texts strings, or lists of two strings for pairs; with `isSplitIntoWords`, lists of words, or lists of two such lists
   */
  encodeBatch(texts: readonly BatchInput[], options: EncodeOptions & { isSplitIntoWords?: boolean } = {}): Encoding[] {
    const encodings = texts.map((text) => {
      const isPair = Array.isArray(text) && (options.isSplitIntoWords !== true || Array.isArray(text[0]))
      const [first, second] = (isPair ? text : [text]) as [TextInput, TextInput | undefined]
      return this.#encodeOne(first, second, options)
    })
    return this.padding === undefined ? encodings : padEncodings(encodings, this.padding)
  }

  /** The ids that `encode` returns. */
  encodeIds(text: TextInput, options: EncodeOptions = {}): number[] {
    const isPlain = this.postProcessor === undefined && this.truncation === undefined && this.padding === undefined
    return isPlain && typeof text === 'string'
      ? this.#texts.encodeIds(text, options.encodeSpecialTokens ?? this.encodeSpecialTokens)
      : Array.from(this.encode(text, undefined, options).ids)
  }

  /** The text of token ids; unknown ids are skipped. */
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

  /** Decodes ids one at a time, as a language model produces them. */
  decodeStream(options: DecodeOptions & DecodeStreamOptions = {}): DecodeStream {
    return new DecodeStream((ids) => this.decode(ids, options), options)
  }

  tokenToId(token: string): number | undefined {
    return this.#added.id(token) ?? this.model.tokenToId(token)
  }

  idToToken(id: number): string | undefined {
    return this.#texts.idToToken(id)
  }

  /** Whether the token is special: decoding skips it by default. */
  isSpecial(id: number): boolean {
    return this.#added.isSpecial(id)
  }

  /** Number of tokens, added ones included. */
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
   * Adds tokens that are matched in text as a whole and never split.
   *
   * @returns the number of new or changed tokens
   */
  addTokens(tokens: readonly AddedTokenInput[]): number {
    return this.#add(tokens.map((token) => addedToken(token)))
  }

  /** Adds special tokens: decoding skips them by default. */
  addSpecialTokens(tokens: readonly AddedTokenInput[]): number {
    return this.#add(tokens.map((token) => addedToken(token, true)))
  }

  /** Truncates encodings to `maxLength` tokens. */
  enableTruncation(options: Partial<Truncation> & Pick<Truncation, 'maxLength'>): void {
    this.truncation = { stride: 0, strategy: 'longest_first', direction: 'right', ...options }
  }

  /** Pads encodings to one length. */
  enablePadding(options: Partial<Padding> = {}): void {
    const defaults = { padId: 0, padTypeId: 0, padToken: '[PAD]', padToMultipleOf: null }
    this.padding = { strategy: 'batch_longest', direction: 'right', ...defaults, ...options }
  }

  #add(tokens: readonly AddedToken[]): number {
    this.#texts.forgetNames()
    return this.#added.add(tokens, this.model, this.normalizer)
  }

  #parts(): TokenizerParts {
    const { model, normalizer, preTokenizer, postProcessor, decoder, truncation, padding, encodeSpecialTokens } = this
    return { model, normalizer, preTokenizer, postProcessor, decoder, truncation, padding, encodeSpecialTokens }
  }

  #encodeOne(text: TextInput, pair: TextInput | undefined, options: EncodeOptions): Encoding {
    const { addSpecialTokens = true, encodeSpecialTokens = this.encodeSpecialTokens } = options
    let encodings = [this.#encodeSequence(text, 0, encodeSpecialTokens)]
    if (pair !== undefined) encodings.push(this.#encodeSequence(pair, 1, encodeSpecialTokens))
    if (this.truncation !== undefined) {
      const added = addSpecialTokens ? (this.postProcessor?.addedTokens(pair !== undefined) ?? 0) : 0
      encodings = truncateEncodings(encodings, this.truncation, added)
    }
    if (this.postProcessor !== undefined) encodings = this.postProcessor.process(encodings, addSpecialTokens)
    return joinEncodings(encodings)
  }

  #encodeSequence(input: TextInput, sequence: number, encodeSpecial: boolean): Encoding {
    const run = (text: string, word?: number): TextRun => {
      const source = this.#texts.encode(text, encodeSpecial)
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

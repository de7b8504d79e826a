import { inTurns } from '@heddle/core'
import { cleanUpSpaces } from './decoders/clean-up.ts'
import { DecodeStream, type DecodeStreamOptions } from './encoding/decode-stream.ts'
import type { Encoding } from './encoding/encoding.ts'
import { type Padding, padEncodings } from './encoding/padding.ts'
import type { Truncation } from './encoding/truncation.ts'
import { encodePair } from './pipeline/encode-pair.ts'
import type { Decoder, Model, Normalizer, PostProcessor, PreTokenizer, Trainer } from './pipeline/points.ts'
import { TextTokenizer } from './pipeline/text-tokenizer.ts'
import type { ChatMessage, ChatOptions } from './pretrained/chat-template.ts'
import type { Folder } from './pretrained/folder.ts'
import { paddedArrays } from './pretrained/padded-arrays.ts'
import type { ReadFolderOptions } from './pretrained/read-folder.ts'
import { NO_SETTINGS, type SpecialRole, type TokenizerSettings } from './pretrained/settings.ts'
import type { TokenArrays } from './pretrained/token-arrays.ts'
import { type AddedToken, type AddedTokenInput, addedToken } from './text/added-token.ts'
import { AddedVocabulary } from './text/added-vocabulary.ts'
import { type ReadOptions, readTokenizerJson, writeTokenizerJson } from './tokenizer-json.ts'
import type {
  ArrayOptions,
  BatchInput,
  DecodeOptions,
  EncodeOptions,
  TextInput,
  TokenizerParts,
  TrainedParts,
} from './tokenizer-options.ts'
import { countPreTokens, countPreTokensAsync } from './trainers/count-pre-tokens.ts'

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
  /** Special tokens by role, limits and chat templates, from the files beside tokenizer.json. */
  settings: TokenizerSettings = NO_SETTINGS
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
   * Reads a folder in the layout of Hugging Face: tokenizer.json or an older vocabulary, tokenizer_config.json, special_tokens_map.json and chat
   * templates. `@heddle/tokenizer/node` has `loadTokenizer` for a path on disk.
   *
   * @throws HeddleError `file` if the folder has no tokenizer; `format` if a file is malformed
   */
  static async fromFolder(folder: Folder, options: ReadFolderOptions = {}): Promise<Tokenizer> {
    const { readTokenizerFolder } = await import('./pretrained/read-folder.ts')
    return readTokenizerFolder(folder, options)
  }

  /**
   * Trains a model on lines of text, read one at a time, and combines it with the other parts.
   *
   * @param lines texts of one or more sentences
   * @param trainer kind and size of the model
   */
  static train(lines: Iterable<string>, trainer: Trainer, parts: TrainedParts = {}): Tokenizer {
    return assembled(trainer, trainer.train(countPreTokens(lines, parts), parts.onProgress), parts)
  }

  /** `train` on lines that may arrive over time; lets others work meanwhile, and can be stopped by `parts.signal`. */
  static async trainAsync(
    lines: AsyncIterable<string> | Iterable<string>,
    trainer: Trainer,
    parts: TrainedParts = {},
  ): Promise<Tokenizer> {
    const counts = await countPreTokensAsync(lines, parts)
    if (trainer.trainInTurns === undefined) return assembled(trainer, trainer.train(counts, parts.onProgress), parts)
    return assembled(trainer, await inTurns(trainer.trainInTurns(counts, parts.onProgress), parts.signal), parts)
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
    const encodings = this.#encodeAll(texts, options, this.truncation)
    return this.padding === undefined ? encodings : padEncodings(encodings, this.padding)
  }

  /**
   * Encodes many texts or pairs as arrays of one shape, ready for tensors: longer texts are truncated, shorter ones padded, on the sides that the
   * settings name.
   *
   * @throws HeddleError `usage` if there is padding and no padding token
   */
  encodeArrays(texts: readonly BatchInput[], options: ArrayOptions = {}): TokenArrays {
    const { truncationSide, maxLength: limit } = this.settings
    const maxLength = options.maxLength ?? this.truncation?.maxLength ?? limit
    const truncation: Truncation | undefined =
      maxLength === undefined
        ? undefined
        : { stride: 0, strategy: 'longest_first', direction: truncationSide, ...this.truncation, maxLength }
    const encodings = this.#encodeAll(texts, options, truncation)
    return paddedArrays(encodings, options, this)
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
    const text = this.decoder === undefined ? tokens.join(' ') : this.decoder.decode(tokens).join('')
    return (options.cleanUpTokenizationSpaces ?? this.settings.cleanUpTokenizationSpaces) ? cleanUpSpaces(text) : text
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

  /** Id of the special token of a role, such as `bos` or `pad`, if the settings name one. */
  specialId(role: SpecialRole): number | undefined {
    const token = this.settings.specialTokens[role]
    return token === undefined ? undefined : this.tokenToId(token)
  }

  /**
   * The text of a conversation by a chat template of the settings. Encode it without further special tokens: the template writes them.
   *
   * @throws HeddleError `usage` if there is no template; `format` if it is malformed or refuses the messages
   */
  async chatText(messages: readonly ChatMessage[], options: ChatOptions = {}): Promise<string> {
    const { renderChat } = await import('./pretrained/chat-template.ts')
    return renderChat(this.settings, messages, options)
  }

  /** The ids of a conversation by a chat template. The special tokens of the template, and in messages, stand for themselves. */
  async encodeChat(messages: readonly ChatMessage[], options: ChatOptions = {}): Promise<number[]> {
    const text = await this.chatText(messages, options)
    return this.encodeIds(text, { addSpecialTokens: false, encodeSpecialTokens: false })
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
    this.#texts.forget()
    return this.#added.add(tokens, this.model, this.normalizer)
  }

  #parts(): TokenizerParts {
    const { model, normalizer, preTokenizer, postProcessor, decoder, truncation, padding, encodeSpecialTokens } = this
    return { model, normalizer, preTokenizer, postProcessor, decoder, truncation, padding, encodeSpecialTokens }
  }

  #encodeAll(
    texts: readonly BatchInput[],
    options: EncodeOptions & { readonly isSplitIntoWords?: boolean },
    truncation: Truncation | undefined,
  ): Encoding[] {
    return texts.map((text) => {
      const isPair = Array.isArray(text) && (options.isSplitIntoWords !== true || Array.isArray(text[0]))
      const [first, second] = (isPair ? text : [text]) as [TextInput, TextInput | undefined]
      return this.#encodeOne(first, second, options, truncation)
    })
  }

  #encodeOne(
    text: TextInput,
    pair: TextInput | undefined,
    options: EncodeOptions,
    truncation: Truncation | undefined = this.truncation,
  ): Encoding {
    const { addSpecialTokens = true, encodeSpecialTokens = this.encodeSpecialTokens } = options
    const { postProcessor } = this
    return encodePair(this.#texts, text, pair, { addSpecialTokens, encodeSpecialTokens, truncation, postProcessor })
  }
}

function assembled(trainer: Trainer, model: Model, parts: TrainedParts): Tokenizer {
  const { normalizer, preTokenizer, decoder, postProcessor } = parts
  const tokenizer = new Tokenizer({ model, normalizer, preTokenizer, decoder, addedTokens: trainer.specialTokens })
  tokenizer.postProcessor = typeof postProcessor === 'function' ? postProcessor(tokenizer) : postProcessor
  return tokenizer
}

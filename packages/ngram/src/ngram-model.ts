import { atOnce, HeddleError, inTurns, type RandomStream, show, type Turns } from '@heddle/core'
import { countNgrams } from './count-ngrams.ts'
import { type Discounts, type KneserNeyTables, kneserNey } from './kneser-ney.ts'
import { readNgramFile, writeNgramFile } from './ngram-file.ts'
import { childOf, MAX_VOCAB_SIZE, type NgramTrie } from './ngram-trie.ts'

// V vocabulary

/** Longest n-grams: every order takes another pass over the text. */
const MAX_ORDER = 100

/** Tokens of a turn of some milliseconds. */
const TURN = 1 << 13

export interface NgramOptions {
  /** Length of the longest n-grams. Each token is predicted from the `order - 1` tokens before it. */
  readonly order: number
  /** Number of tokens. They are the integers from 0 to `vocabSize - 1`. Each has a probability, even if it never occurs. */
  readonly vocabSize: number
}

export interface SampleOptions {
  /** Most tokens to draw. */
  readonly length: number
  /** The tokens before. Default: none. */
  readonly context?: ArrayLike<number>
  /** 1 (default) samples from the model, lower values prefer likely tokens, 0 takes the most likely one. */
  readonly temperature?: number
  /** Draws only from the k most likely tokens. Default: all. */
  readonly topK?: number
  /** Sampling stops after this token. */
  readonly end?: number
}

export interface NgramEvaluation {
  /** Sum of ln P over all tokens. */
  readonly logProbability: number
  readonly numTokens: number
  /** exp(-logProbability / numTokens). */
  readonly perplexity: number
}

/**
 * N-gram language model over token ids (characters, words, subwords), with interpolated modified Kneser-Ney smoothing.
 *
 * Probabilities sum to one for every context, seen or not.
 *
 * @see Kneser & Ney 1995, "Improved backing-off for m-gram language modeling"
 * @see Chen & Goodman 1999, "An empirical study of smoothing techniques for language modeling"
 */
export class NgramModel {
  readonly order: number
  readonly vocabSize: number
  /** Whether the beginning of a sequence is part of the context. */
  readonly hasBegin: boolean
  /** By the length of the n-grams, from 1 on. */
  readonly discounts: readonly Discounts[]
  readonly #trie: NgramTrie
  readonly #tables: KneserNeyTables
  /** P(token | nothing). [V] */
  readonly #unigrams: Float64Array
  /** The n-grams that end where a sequence begins; see `#advance`. */
  readonly #start: Int32Array

  private constructor(trie: NgramTrie, tables: KneserNeyTables, vocabSize: number, hasBegin: boolean) {
    this.order = trie.length
    this.vocabSize = vocabSize
    this.hasBegin = hasBegin
    this.#trie = trie
    this.#tables = tables
    this.discounts = this.#tables.discounts
    this.#unigrams = new Float64Array(vocabSize).fill(this.#tables.uniformWeight / vocabSize)
    const { tokens } = trie[0]!
    for (const [i, token] of tokens.entries())
      if (token < vocabSize) this.#unigrams[token] = this.#tables.levels[0]!.probabilities[i]!
    this.#start = this.#nowhere()
    if (hasBegin && this.order > 1) this.#start[1] = childOf(trie[0]!, 0, vocabSize)
  }

  static *#smoothed(trie: NgramTrie, vocabSize: number, hasBegin: boolean): Turns<NgramModel> {
    return new NgramModel(trie, yield* kneserNey(trie, vocabSize, vocabSize), vocabSize, hasBegin)
  }

  static *#counted(ids: Int32Array, { order, vocabSize }: NgramOptions, hasBegin: boolean): Turns<NgramModel> {
    return yield* NgramModel.#smoothed(yield* countNgrams(ids, order, vocabSize), vocabSize, hasBegin)
  }

  /** Trains on separate sequences, such as sentences or names. Add an end token to each if the model is to predict where they end. */
  static fromSequences(sequences: Iterable<ArrayLike<number>>, options: NgramOptions): NgramModel {
    const { order, vocabSize } = checkedOptions(options)
    const list = [...sequences]
    const ids = new Int32Array(list.reduce((size, sequence) => size + sequence.length + 1, 0))
    let at = 0
    for (const sequence of list) {
      ids[at] = vocabSize
      checkTokens('NgramModel.fromSequences', sequence, vocabSize)
      ids.set(sequence, at + 1)
      at += sequence.length + 1
    }
    if (ids.length === list.length)
      throw new HeddleError(
        'data',
        'NgramModel.fromSequences: expected at least one token, got none. Pass a longer text.',
      )
    return atOnce(NgramModel.#counted(ids, { order, vocabSize }, true))
  }

  /** Trains on one long text without a beginning, such as a corpus of characters. */
  static fromStream(ids: ArrayLike<number>, options: NgramOptions): NgramModel {
    return atOnce(NgramModel.#ofStream(ids, options))
  }

  /** `fromStream` in turns, between which others work and a signal may end it, with its reason. */
  static async fromStreamAsync(
    ids: ArrayLike<number>,
    options: NgramOptions & { readonly signal?: AbortSignal | undefined },
  ): Promise<NgramModel> {
    return inTurns(NgramModel.#ofStream(ids, options), options.signal)
  }

  static *#ofStream(ids: ArrayLike<number>, options: NgramOptions): Turns<NgramModel> {
    const { order, vocabSize } = checkedOptions(options)
    if (ids.length === 0)
      throw new HeddleError('data', 'NgramModel.fromStream: expected at least one token, got none. Pass a longer text.')
    checkTokens('NgramModel.fromStream', ids, vocabSize)
    yield
    const own = ids instanceof Int32Array ? ids : Int32Array.from(ids)
    return yield* NgramModel.#counted(own, { order, vocabSize }, false)
  }

  /** Loads a model from `toBytes`. @throws HeddleError `format` */
  static fromBytes(bytes: Uint8Array, { file = 'n-gram model' }: { readonly file?: string } = {}): NgramModel {
    const { trie, vocabSize, hasBegin } = readNgramFile(bytes, file)
    return atOnce(NgramModel.#smoothed(trie, vocabSize, hasBegin))
  }

  /** `fromBytes` in turns, as {@link fromStreamAsync}. */
  static async fromBytesAsync(
    bytes: Uint8Array,
    { file = 'n-gram model', signal }: { readonly file?: string; readonly signal?: AbortSignal | undefined } = {},
  ): Promise<NgramModel> {
    signal?.throwIfAborted()
    const { trie, vocabSize, hasBegin } = readNgramFile(bytes, file)
    return inTurns(NgramModel.#smoothed(trie, vocabSize, hasBegin), signal)
  }

  /** Returns the counts of the model as a safetensors file. The README describes its layout. */
  toBytes(): Uint8Array {
    return writeNgramFile({ trie: this.#trie, vocabSize: this.vocabSize, hasBegin: this.hasBegin })
  }

  /** Number of different n-grams of each length from 1 on. */
  get numNgrams(): number[] {
    return this.#trie.map(({ tokens }) => tokens.length - (tokens.at(-1) === this.vocabSize ? 1 : 0))
  }

  /**
   * Returns ln P(token | context) of every token.
   *
   * @param context the tokens before. Fewer than `order - 1` tokens begin a sequence
   * @returns [V]
   */
  logProbabilities(context: ArrayLike<number>): Float64Array {
    return this.#distribution(this.#contextAfter(context)).map(Math.log)
  }

  /** Returns ln P(sequence): the sum over its tokens of ln P(token | tokens before). */
  logProbability(sequence: ArrayLike<number>): number {
    return atOnce(this.#scored(sequence))
  }

  *#scored(sequence: ArrayLike<number>): Turns<number> {
    checkTokens('NgramModel.logProbability', sequence, this.vocabSize)
    let ngrams = this.#start
    let sum = 0
    const add = (from: number, to: number) => {
      for (let i = from; i < to; i++) {
        const token = sequence[i]!
        const next = this.#advance(ngrams, token)
        sum += Math.log(this.#probability(ngrams, next, token))
        ngrams = next
      }
    }
    for (let from = 0; from < sequence.length; from += TURN) {
      add(from, Math.min(from + TURN, sequence.length))
      yield
    }
    return sum
  }

  /** Returns log probability and perplexity over all tokens of the sequences. */
  evaluate(sequences: Iterable<ArrayLike<number>>): NgramEvaluation {
    return atOnce(this.#evaluated(sequences))
  }

  /** `evaluate` in turns, as {@link fromStreamAsync}. */
  async evaluateAsync(
    sequences: Iterable<ArrayLike<number>>,
    { signal }: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<NgramEvaluation> {
    return inTurns(this.#evaluated(sequences), signal)
  }

  *#evaluated(sequences: Iterable<ArrayLike<number>>): Turns<NgramEvaluation> {
    let logProbability = 0
    let numTokens = 0
    for (const sequence of sequences) {
      logProbability += yield* this.#scored(sequence)
      numTokens += sequence.length
    }
    if (numTokens === 0)
      throw new HeddleError('data', 'NgramModel.evaluate: expected at least one token, got none. Pass a longer text.')
    return { logProbability, numTokens, perplexity: Math.exp(-logProbability / numTokens) }
  }

  /** Draws tokens, each given the tokens before it. @returns the new tokens, with `end` */
  sample(rng: RandomStream, options: SampleOptions): number[] {
    const { length, context = [], temperature = 1, topK = this.vocabSize, end } = options
    if (!Number.isInteger(length) || length < 0)
      throw new HeddleError(
        'config',
        `NgramModel.sample: expected a length of at least 0, got ${show(length)}. Raise it.`,
      )
    if (!(temperature >= 0))
      throw new HeddleError(
        'config',
        `NgramModel.sample: expected a temperature of at least 0, got ${show(temperature)}. Raise it.`,
      )
    if (!Number.isInteger(topK) || topK < 1)
      throw new HeddleError('config', `NgramModel.sample: expected a topK of at least 1, got ${show(topK)}. Raise it.`)
    const drawn: number[] = []
    let ngrams = this.#contextAfter(context)
    while (drawn.length < length) {
      const token = draw(this.#distribution(ngrams), temperature, topK, rng)
      drawn.push(token)
      if (token === end) break
      ngrams = this.#advance(ngrams, token)
    }
    return drawn
  }

  #contextAfter(context: ArrayLike<number>): Int32Array {
    checkTokens('NgramModel', context, this.vocabSize)
    const from = Math.max(0, context.length - (this.order - 1))
    let ngrams = context.length < this.order - 1 ? this.#start : this.#nowhere()
    for (let i = from; i < context.length; i++) ngrams = this.#advance(ngrams, context[i]!)
    return ngrams
  }

  /** The context of no tokens at all. */
  #nowhere(): Int32Array {
    const ngrams = new Int32Array(this.order + 1).fill(-1)
    ngrams[0] = 0
    return ngrams
  }

  /** From the n-grams that end at a place, by length (-1 for none), returns those that end one token later. */
  #advance(ngrams: Int32Array, token: number): Int32Array {
    const next = this.#nowhere()
    for (let k = 0; k < this.order && ngrams[k] !== -1; k++) next[k + 1] = childOf(this.#trie[k]!, ngrams[k]!, token)
    return next
  }

  /** P(token | context): the probability of the longest n-gram that ends in the token, times the weights of longer contexts. */
  #probability(context: Int32Array, next: Int32Array, token: number): number {
    const { levels } = this.#tables
    let weight = 1
    for (let k = this.order; k > 0; k--) {
      if (next[k] !== -1) return weight * levels[k - 1]!.probabilities[next[k]!]!
      if (k > 1 && context[k - 1] !== -1) weight *= levels[k - 2]!.backoff[context[k - 1]!]!
    }
    return weight * this.#unigrams[token]!
  }

  /** P(token | context) of every token. [V] */
  #distribution(context: Int32Array): Float64Array {
    const { levels } = this.#tables
    // The product of the weights that contexts longer than k leave to those of length k.
    const left = new Float64Array(this.order).fill(1)
    for (let k = this.order - 1; k > 0; k--)
      left[k - 1] = left[k]! * (context[k] === -1 ? 1 : levels[k - 1]!.backoff[context[k]!]!)
    const result = this.#unigrams.map((probability) => probability * left[0]!)
    for (let k = 1; k < this.order && context[k] !== -1; k++) {
      const { tokens, starts } = this.#trie[k]!
      const { probabilities } = levels[k]!
      for (let i = starts[context[k]!]!; i < starts[context[k]! + 1]!; i++)
        result[tokens[i]!] = probabilities[i]! * left[k]!
    }
    return result
  }
}

function draw(probabilities: Float64Array, temperature: number, topK: number, rng: RandomStream): number {
  let best = 0
  for (let i = 1; i < probabilities.length; i++) if (probabilities[i]! > probabilities[best]!) best = i
  if (temperature === 0 || topK === 1) return best
  if (topK < probabilities.length) {
    const order = Array.from(probabilities.keys()).sort((a, b) => probabilities[b]! - probabilities[a]! || a - b)
    for (const i of order.slice(topK)) probabilities[i] = 0
  }
  // Relative to the most likely token, so that a low temperature does not underflow to zero everywhere.
  const most = probabilities[best]!
  return rng.weighted(temperature === 1 ? probabilities : probabilities.map((p) => (p / most) ** (1 / temperature)))
}

function checkedOptions(options: NgramOptions): NgramOptions {
  for (const name of ['order', 'vocabSize'] as const) {
    if (!Number.isInteger(options[name]) || options[name] < 1) {
      throw new HeddleError(
        'config',
        `NgramModel: expected ${name} to be a whole number of at least 1, got ${show(options[name])}. Correct it.`,
      )
    }
  }
  const { order, vocabSize } = options
  if (order > MAX_ORDER || vocabSize > MAX_VOCAB_SIZE) {
    throw new HeddleError(
      'config',
      `NgramModel: expected an order of at most ${MAX_ORDER} and a vocabSize of at most ${MAX_VOCAB_SIZE}, got ${order} and ${vocabSize}. Lower them.`,
    )
  }
  return options
}

function checkTokens(where: string, tokens: ArrayLike<number>, vocabSize: number): void {
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!
    if (!(Number.isInteger(token) && token >= 0 && token < vocabSize)) {
      throw new HeddleError(
        'data',
        `${where}: expected tokens from 0 to ${vocabSize - 1}, got ${show(token)} at ${i}. Raise vocabSize or map it to an unknown token.`,
      )
    }
  }
}

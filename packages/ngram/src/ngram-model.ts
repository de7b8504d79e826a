import { HeddleError, type RandomStream, show } from '@heddle/core'
import { countNgrams } from './count-ngrams.ts'
import { type Discounts, type KneserNeyTables, kneserNey } from './kneser-ney.ts'
import { readNgramFile, writeNgramFile } from './ngram-file.ts'
import { childOf, type NgramTrie } from './ngram-trie.ts'

// V vocabulary

export interface NgramOptions {
  /** The length of the longest n-grams: each token is predicted from the `order - 1` before it. */
  readonly order: number
  /** Tokens are the integers from 0 to `vocabSize - 1`; each has a probability, also one that never occurs. */
  readonly vocabSize: number
}

export interface SampleOptions {
  /** How many tokens at most. */
  readonly length: number
  /** What is already there. Default: nothing. */
  readonly context?: ArrayLike<number>
  /** 1 (default) samples from the model, less prefers likely tokens, 0 takes the likeliest. */
  readonly temperature?: number
  /** Only the k likeliest tokens are drawn. Default: all. */
  readonly topK?: number
  /** Sampling stops after this token. */
  readonly end?: number
}

export interface NgramEvaluation {
  /** ln P of all tokens. */
  readonly logProbability: number
  readonly numTokens: number
  /** exp(-logProbability / numTokens). */
  readonly perplexity: number
}

/**
 * A Markov-chain language model: interpolated modified Kneser-Ney over token ids (characters, words, subwords).
 *
 * Probabilities sum to one for every context, seen or not.
 *
 * @see Kneser & Ney 1995, "Improved backing-off for m-gram language modeling"
 * @see Chen & Goodman 1999, "An empirical study of smoothing techniques for language modeling"
 */
export class NgramModel {
  readonly order: number
  readonly vocabSize: number
  /** Whether sequences have a beginning that takes part in the context. */
  readonly hasBegin: boolean
  /** By the length of the n-grams, from 1 on. */
  readonly discounts: readonly Discounts[]
  readonly #trie: NgramTrie
  readonly #tables: KneserNeyTables
  /** P(token | nothing). [V] */
  readonly #unigrams: Float64Array
  /** See `#advance`: the n-grams that end where a sequence begins. */
  readonly #start: Int32Array

  private constructor(trie: NgramTrie, vocabSize: number, hasBegin: boolean) {
    this.order = trie.length
    this.vocabSize = vocabSize
    this.hasBegin = hasBegin
    this.#trie = trie
    this.#tables = kneserNey(trie, vocabSize, vocabSize)
    this.discounts = this.#tables.discounts
    this.#unigrams = new Float64Array(vocabSize).fill(this.#tables.uniformWeight / vocabSize)
    const { tokens } = trie[0]!
    for (const [i, token] of tokens.entries())
      if (token < vocabSize) this.#unigrams[token] = this.#tables.levels[0]!.probabilities[i]!
    this.#start = this.#nowhere()
    if (hasBegin && this.order > 1) this.#start[1] = childOf(trie[0]!, 0, vocabSize)
  }

  /** Trains on separate sequences (sentences, names). Give each its end token if the model is to know where they end. */
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
      throw new HeddleError('data', 'NgramModel.fromSequences: expected at least one token, got none.')
    return new NgramModel(countNgrams(ids, order, vocabSize), vocabSize, true)
  }

  /** Trains on one long text that has no beginning (a corpus of characters). */
  static fromStream(ids: ArrayLike<number>, options: NgramOptions): NgramModel {
    const { order, vocabSize } = checkedOptions(options)
    if (ids.length === 0) throw new HeddleError('data', 'NgramModel.fromStream: expected at least one token, got none.')
    checkTokens('NgramModel.fromStream', ids, vocabSize)
    return new NgramModel(countNgrams(Int32Array.from(ids), order, vocabSize), vocabSize, false)
  }

  /** A model from `toBytes`. @throws HeddleError `format` */
  static fromBytes(bytes: Uint8Array, { file = 'n-gram model' }: { readonly file?: string } = {}): NgramModel {
    const { trie, vocabSize, hasBegin } = readNgramFile(bytes, file)
    return new NgramModel(trie, vocabSize, hasBegin)
  }

  /** The model's counts as a safetensors file; see the README for its layout. */
  toBytes(): Uint8Array {
    return writeNgramFile({ trie: this.#trie, vocabSize: this.vocabSize, hasBegin: this.hasBegin })
  }

  /** How many different n-grams of each length, from 1 on, the model knows. */
  get numNgrams(): number[] {
    return this.#trie.map(({ tokens }) => tokens.length - (tokens.at(-1) === this.vocabSize ? 1 : 0))
  }

  /**
   * ln P(token | context) of every token.
   *
   * @param context the tokens before; if fewer than `order - 1`, they are taken to begin a sequence
   * @returns [V]
   */
  logProbabilities(context: ArrayLike<number>): Float64Array {
    return this.#distribution(this.#contextAfter(context)).map(Math.log)
  }

  /** ln P(sequence): the sum over its tokens of ln P(token | tokens before). */
  logProbability(sequence: ArrayLike<number>): number {
    checkTokens('NgramModel.logProbability', sequence, this.vocabSize)
    let ngrams = this.#start
    let sum = 0
    for (let i = 0; i < sequence.length; i++) {
      const token = sequence[i]!
      const next = this.#advance(ngrams, token)
      sum += Math.log(this.#probability(ngrams, next, token))
      ngrams = next
    }
    return sum
  }

  /** Log probability and perplexity over all tokens of the sequences. */
  evaluate(sequences: Iterable<ArrayLike<number>>): NgramEvaluation {
    let logProbability = 0
    let numTokens = 0
    for (const sequence of sequences) {
      logProbability += this.logProbability(sequence)
      numTokens += sequence.length
    }
    if (numTokens === 0) throw new HeddleError('data', 'NgramModel.evaluate: expected at least one token, got none.')
    return { logProbability, numTokens, perplexity: Math.exp(-logProbability / numTokens) }
  }

  /** Draws tokens, each given those before it. @returns the new tokens, `end` included */
  sample(rng: RandomStream, options: SampleOptions): number[] {
    const { length, context = [], temperature = 1, topK = this.vocabSize, end } = options
    if (!Number.isInteger(length) || length < 0)
      throw new HeddleError('config', `NgramModel.sample: expected a length of at least 0, got ${show(length)}.`)
    if (!(temperature >= 0))
      throw new HeddleError(
        'config',
        `NgramModel.sample: expected a temperature of at least 0, got ${show(temperature)}.`,
      )
    if (!Number.isInteger(topK) || topK < 1)
      throw new HeddleError('config', `NgramModel.sample: expected a topK of at least 1, got ${show(topK)}.`)
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

  /** After the n-grams that end at a place, by their length (-1 where there is none), those that end one token later. */
  #advance(ngrams: Int32Array, token: number): Int32Array {
    const next = this.#nowhere()
    for (let k = 0; k < this.order && ngrams[k] !== -1; k++) next[k + 1] = childOf(this.#trie[k]!, ngrams[k]!, token)
    return next
  }

  /** P(token | context) from the longest n-gram that ends in the token, times what the longer contexts leave to it. */
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
    // What the contexts longer than k leave to those of length k.
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
  // Relative to the likeliest, so that a low temperature does not underflow to zero everywhere.
  const most = probabilities[best]!
  return rng.weighted(temperature === 1 ? probabilities : probabilities.map((p) => (p / most) ** (1 / temperature)))
}

function checkedOptions(options: NgramOptions): NgramOptions {
  for (const name of ['order', 'vocabSize'] as const) {
    if (!Number.isInteger(options[name]) || options[name] < 1) {
      throw new HeddleError(
        'config',
        `NgramModel: expected ${name} to be a whole number of at least 1, got ${show(options[name])}.`,
      )
    }
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

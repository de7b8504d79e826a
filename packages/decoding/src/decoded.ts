/** One decoded sequence. */
export interface Decoded {
  /** The tokens, without the prompt and without the end symbol. */
  readonly ids: number[]
  /** Σ log p of the tokens, the end symbol's included, by the model itself (before temperature, penalties and other processors). */
  readonly logProbability: number
  /** Whether the end symbol or a stop condition ended the sequence, rather than the limit on its length. */
  readonly finished: boolean
  /** Weights over the source for each token, if asked for and if the model returns them. */
  readonly attention?: Float32Array[]
}

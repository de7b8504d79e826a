/** One decoded sequence. */
export interface Decoded {
  /** The tokens, without the prompt and without the end symbol. */
  readonly ids: number[]
  /** Σ log p of the tokens, the end symbol's included, by the model itself (before temperature, penalties and the like). */
  readonly logProbability: number
  /** Whether the end symbol or a stop condition ended it, and not the limit on its length. */
  readonly finished: boolean
  /** For each token the weights over the source, if asked for and if the model gives them. */
  readonly attention?: Float32Array[]
}

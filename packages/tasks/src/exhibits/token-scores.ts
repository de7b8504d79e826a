import type { TextToken } from '../uses/read-text.ts'
import type { Exhibit } from './exhibit.ts'

/** A text with the probability of each token after those before it. */
export interface TokenScoresExhibit extends Exhibit {
  readonly kind: 'token-scores'
  readonly tokens: readonly TextToken[]
  /** Natural logarithm of the probability, one for each token. */
  readonly logProbabilities: readonly number[]
}

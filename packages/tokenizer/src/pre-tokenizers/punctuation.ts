import * as schema from '../config/schema.ts'
import { type PreTokenizer, preTokenizerPoint } from '../pipeline/points.ts'
import type { PreTokens } from '../text/pre-tokens.ts'
import { PUNCTUATION } from '../unicode/char-class.ts'
import { splitAtClass } from './class-split.ts'
import { type SplitBehavior, splitBehavior } from './split-behavior.ts'

/** Splits at punctuation: Unicode's, and all ASCII characters that are neither letters nor digits nor spaces. */
export class Punctuation implements PreTokenizer {
  readonly #behavior: SplitBehavior

  constructor(options: { behavior?: SplitBehavior } = {}) {
    this.#behavior = options.behavior ?? 'Isolated'
  }

  preTokenize(preTokens: PreTokens): PreTokens {
    return preTokens.split((text, start, end, out) => splitAtClass(PUNCTUATION, this.#behavior, text, start, end, out))
  }

  toJSON() {
    return { type: 'Punctuation', behavior: this.#behavior }
  }
}

export const punctuation = preTokenizerPoint.of({
  name: 'Punctuation',
  summary: 'splits at punctuation',
  config: schema.strictObject({ behavior: splitBehavior.default('Isolated') }),
  create: (config) => new Punctuation(config),
})

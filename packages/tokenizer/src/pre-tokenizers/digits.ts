import * as schema from '../config/schema.ts'
import { type PreTokenizer, preTokenizerPoint } from '../pipeline/points.ts'
import type { PreTokens } from '../text/pre-tokens.ts'
import { NUMBER } from '../unicode/char-class.ts'
import { splitAtClass } from './class-split.ts'

/** Separates numbers from other text, as a whole or digit by digit. */
export class Digits implements PreTokenizer {
  readonly #individual: boolean

  constructor(options: { individualDigits?: boolean } = {}) {
    this.#individual = options.individualDigits ?? false
  }

  preTokenize(preTokens: PreTokens): PreTokens {
    const behavior = this.#individual ? 'Isolated' : 'Contiguous'
    return preTokens.split((text, start, end, out) => splitAtClass(NUMBER, behavior, text, start, end, out))
  }

  toJSON() {
    return { type: 'Digits', individual_digits: this.#individual }
  }
}

export const digits = preTokenizerPoint.of({
  name: 'Digits',
  summary: 'separates numbers',
  config: schema.strictObject({ individual_digits: schema.boolean().default(false) }),
  create: (config) => new Digits({ individualDigits: config.individual_digits }),
})

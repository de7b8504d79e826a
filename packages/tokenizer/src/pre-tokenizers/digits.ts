import { z } from 'zod'
import type { Pieces } from '../pipeline/pieces.ts'
import { type PreTokenizer, preTokenizerPoint } from '../pipeline/points.ts'
import { NUMBER } from '../unicode/char-class.ts'
import { splitAtClass } from './class-split.ts'

/** Splits numbers from what is beside them, as a whole or digit by digit. */
export class Digits implements PreTokenizer {
  readonly #individual: boolean

  constructor(options: { individualDigits?: boolean } = {}) {
    this.#individual = options.individualDigits ?? false
  }

  preTokenize(pieces: Pieces): Pieces {
    const behavior = this.#individual ? 'Isolated' : 'Contiguous'
    return pieces.split((text, start, end, out) => splitAtClass(NUMBER, behavior, text, start, end, out))
  }

  toJSON() {
    return { type: 'Digits', individual_digits: this.#individual }
  }
}

export const digits = preTokenizerPoint.of({
  name: 'Digits',
  summary: 'numbers on their own',
  config: z.strictObject({ individual_digits: z.boolean().default(false) }),
  create: (config) => new Digits({ individualDigits: config.individual_digits }),
})

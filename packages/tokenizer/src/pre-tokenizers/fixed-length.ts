import * as schema from '../config/schema.ts'
import { type PreTokenizer, preTokenizerPoint } from '../pipeline/points.ts'
import type { PreTokens } from '../text/pre-tokens.ts'
import { unitsAt } from '../unicode/code-point.ts'

/** Splits text into pre-tokens of a fixed number of characters. */
export class FixedLength implements PreTokenizer {
  readonly #length: number

  constructor(options: { length?: number } = {}) {
    this.#length = options.length ?? 5
  }

  preTokenize(preTokens: PreTokens): PreTokens {
    return preTokens.split((text, start, end, out) => {
      let from = start
      let count = 0
      for (let i = start; i < end; ) {
        i += unitsAt(text, i)
        if (++count === this.#length || i >= end) {
          out.push(from, i)
          from = i
          count = 0
        }
      }
    })
  }

  toJSON() {
    return { type: 'FixedLength', length: this.#length }
  }
}

export const fixedLength = preTokenizerPoint.of({
  name: 'FixedLength',
  summary: 'pre-tokens of a fixed number of characters',
  config: schema.strictObject({ length: schema.integer(1).default(5) }),
  create: (config) => new FixedLength(config),
})

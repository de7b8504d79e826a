import { type CamelKeys, camelKeys, snakeKeys } from '../config/config-keys.ts'
import * as schema from '../config/schema.ts'
import { type Normalizer, normalizerPoint } from '../pipeline/points.ts'
import type { AlignedText } from '../text/aligned-text.ts'
import { charClass, SPACE } from '../unicode/char-class.ts'

const config = schema.strictObject({
  strip_left: schema.boolean().default(true),
  strip_right: schema.boolean().default(true),
})

/** Removes white space at the ends of the text. */
export class Strip implements Normalizer {
  readonly #options: CamelKeys<schema.Output<typeof config>>

  constructor(options: Partial<CamelKeys<schema.Output<typeof config>>> = {}) {
    this.#options = { stripLeft: true, stripRight: true, ...options }
  }

  normalize(text: AlignedText): AlignedText {
    const input = text.text
    let start = 0
    let end = input.length
    // All white space lies below U+FFFF: single units suffice.
    const isSpace = (i: number) => (charClass(input.charCodeAt(i)) & SPACE) !== 0
    if (this.#options.stripLeft) while (start < end && isSpace(start)) start++
    if (this.#options.stripRight) while (end > start && isSpace(end - 1)) end--
    if (start === 0 && end === input.length) return text
    return text.derive(input.slice(start, end), () => Int32Array.from({ length: end - start }, (_, i) => start + i))
  }

  toJSON() {
    return { type: 'Strip', ...snakeKeys(this.#options) }
  }
}

export const strip = normalizerPoint.of({
  name: 'Strip',
  summary: 'removes white space at the ends',
  config,
  create: (options) => new Strip(camelKeys(options)),
})

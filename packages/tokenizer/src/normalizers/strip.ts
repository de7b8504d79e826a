import * as z from 'zod'
import { type CamelKeys, camelKeys, snakeKeys } from '../pipeline/config-keys.ts'
import { type Normalizer, normalizerPoint } from '../pipeline/points.ts'
import type { AlignedText } from '../text/aligned-text.ts'
import { charClass, SPACE } from '../unicode/char-class.ts'

const config = z.strictObject({ strip_left: z.boolean().default(true), strip_right: z.boolean().default(true) })

/** Removes white space at the ends of the text. */
export class Strip implements Normalizer {
  readonly #options: CamelKeys<z.output<typeof config>>

  constructor(options: Partial<CamelKeys<z.output<typeof config>>> = {}) {
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

import { z } from 'zod'
import type { AlignedText } from '../pipeline/aligned-text.ts'
import { type CamelKeys, camelKeys, snakeKeys } from '../pipeline/config-keys.ts'
import { type Normalizer, normalizerPoint } from '../pipeline/points.ts'
import { charClass, SPACE } from '../unicode/char-class.ts'

const config = z.strictObject({ strip_left: z.boolean().default(true), strip_right: z.boolean().default(true) })

/** Takes white space off the ends of the text. */
export class Strip implements Normalizer {
  readonly #options: CamelKeys<z.output<typeof config>>

  constructor(options: Partial<CamelKeys<z.output<typeof config>>> = {}) {
    this.#options = { stripLeft: true, stripRight: true, ...options }
  }

  normalize(text: AlignedText): AlignedText {
    const input = text.text
    let start = 0
    let end = input.length
    // White space lies within U+FFFF, so that single units will do.
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
  summary: 'takes white space off the ends',
  config,
  create: (options) => new Strip(camelKeys(options)),
})

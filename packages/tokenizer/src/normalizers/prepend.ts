import * as schema from '../config/schema.ts'
import { type Normalizer, normalizerPoint } from '../pipeline/points.ts'
import type { AlignedText } from '../text/aligned-text.ts'

/** Prepends a string to the text, unless the text is empty. */
export class Prepend implements Normalizer {
  readonly #prepend: string

  constructor(prepend: string) {
    this.#prepend = prepend
  }

  normalize(text: AlignedText): AlignedText {
    const input = text.text
    const { length } = this.#prepend
    if (input === '' || length === 0) return text
    return text.derive(this.#prepend + input, () =>
      Int32Array.from({ length: length + input.length }, (_, i) => Math.max(0, i - length)),
    )
  }

  toJSON() {
    return { type: 'Prepend', prepend: this.#prepend }
  }
}

export const prepend = normalizerPoint.of({
  name: 'Prepend',
  summary: 'prepends a string to the text',
  config: schema.strictObject({ prepend: schema.string() }),
  create: (config) => new Prepend(config.prepend),
})

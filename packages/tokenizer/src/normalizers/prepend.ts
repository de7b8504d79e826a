import { z } from 'zod'
import type { AlignedText } from '../pipeline/aligned-text.ts'
import { type Normalizer, normalizerPoint } from '../pipeline/points.ts'

/** Puts a string before the text, unless the text is empty. */
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
  summary: 'puts a string before the text',
  config: z.strictObject({ prepend: z.string() }),
  create: (config) => new Prepend(config.prepend),
})

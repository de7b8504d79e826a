import { type CamelKeys, camelKeys, snakeKeys } from '../config/config-keys.ts'
import * as schema from '../config/schema.ts'
import { type Decoder, decoderPoint } from '../pipeline/points.ts'
import { ByteFallback } from './byte-fallback.ts'

const config = schema.strictObject({
  unk_piece: schema.string().nullable().default('<unk>').describe('name of the unknown piece'),
  unk_surface: schema.string().default(' \u2047 ').describe('text of unknown pieces'),
  add_dummy_prefix: schema.boolean().default(true).describe('whether the normalizer adds a space before the text'),
  remove_extra_whitespaces: schema
    .boolean()
    .default(true)
    .describe('whether the normalizer removes spaces at the start'),
  byte_fallback: schema.boolean().default(false).describe('whether there are tokens for bytes (<0xED>)'),
})

type Options = CamelKeys<schema.Output<typeof config>>

const MARK = '\u2581'

/**
 * Joins the pieces of a SentencePiece model: ▁ becomes a space, except at the start of the text, and unknown pieces get a text of their own.
 *
 * It is not one of the Rust library's parts.
 *
 * @see https://github.com/google/sentencepiece/blob/master/src/sentencepiece_processor.cc
 */
export class SentencePiece implements Decoder {
  readonly #options: Options
  readonly #bytes = new ByteFallback()

  constructor(options: Partial<Options> = {}) {
    this.#options = {
      unkPiece: '<unk>',
      unkSurface: ' \u2047 ',
      addDummyPrefix: true,
      removeExtraWhitespaces: true,
      byteFallback: false,
      ...options,
    }
  }

  decode(tokens: readonly string[]): string[] {
    const { unkPiece, unkSurface, addDummyPrefix, removeExtraWhitespaces, byteFallback } = this.#options
    let atStart = addDummyPrefix || removeExtraWhitespaces
    const texts: string[] = []
    for (const token of byteFallback ? this.#bytes.decode(tokens) : tokens) {
      let text = token
      if (token === unkPiece) text = unkSurface
      else {
        if (atStart && token.startsWith(MARK)) {
          text = token.slice(1)
          // Only the space of the normalizer goes, or all that it would have removed.
          if (!removeExtraWhitespaces) atStart = false
        }
        text = text.replaceAll(MARK, ' ')
      }
      if (text !== '') atStart = false
      texts.push(text)
    }
    return [texts.join('')]
  }

  toJSON() {
    return { type: 'SentencePiece', ...snakeKeys(this.#options) }
  }
}

export const sentencePiece = decoderPoint.of({
  name: 'SentencePiece',
  summary: 'joins pieces as sentencepiece does',
  config,
  create: (options) => new SentencePiece(camelKeys(options)),
})

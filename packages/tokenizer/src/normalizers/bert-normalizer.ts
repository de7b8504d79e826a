import { type CamelKeys, camelKeys, snakeKeys } from '../config/config-keys.ts'
import * as schema from '../config/schema.ts'
import { type Normalizer, normalizerPoint } from '../pipeline/points.ts'
import type { AlignedText } from '../text/aligned-text.ts'
import { CONTROL, charClass, HAN, SPACE } from '../unicode/char-class.ts'
import { codePointAt } from '../unicode/code-point.ts'
import { NONSPACING_MARK } from '../unicode/pinned-categories.ts'
import { CharacterMap } from './character-map.ts'
import { lowercase } from './lowercase.ts'
import { NFD } from './unicode-forms.ts'

const config = schema.strictObject({
  clean_text: schema.boolean().default(true).describe('remove control characters and make all white space a space'),
  handle_chinese_chars: schema.boolean().default(true).describe('put spaces around Han characters'),
  strip_accents: schema.boolean().nullable().default(null).describe('remove accents; null: only if lowercase'),
  lowercase: schema.boolean().default(true).describe('make the text lower case'),
})

/**
 * The text cleaning of BERT: removes control characters, makes all white space a space, puts spaces around Han characters, removes
 * accents, and makes text lower case.
 *
 * Removing accents decomposes Hangul too: 한 becomes ᄒ, ᅡ, ᆫ. For Korean set `stripAccents: false`, except with the vocabulary of the
 * English uncased model, which expects it.
 *
 * @see Devlin et al. 2019, https://github.com/google-research/bert/blob/master/tokenization.py
 */
export class BertNormalizer implements Normalizer {
  readonly #options: CamelKeys<schema.Output<typeof config>>
  readonly #strips: boolean
  readonly #characters: CharacterMap

  constructor(options: Partial<CamelKeys<schema.Output<typeof config>>> = {}) {
    this.#options = { cleanText: true, handleChineseChars: true, stripAccents: null, lowercase: true, ...options }
    this.#strips = this.#options.stripAccents ?? this.#options.lowercase
    this.#characters = new CharacterMap((character) => this.#mapped(character))
  }

  normalize(text: AlignedText): AlignedText {
    // Only canonical ordering looks beyond one character, and only marks that are kept can show it.
    if (this.#strips && hasMovingMark(text.text)) return this.#stepByStep(text)
    return this.#characters.apply(text)
  }

  mapUnit(unit: number): number {
    return this.#strips && /\p{M}/u.test(String.fromCharCode(unit)) ? -1 : this.#characters.mapUnit(unit)
  }

  toJSON() {
    return { type: 'BertNormalizer', ...snakeKeys(this.#options) }
  }

  #mapped(character: string): string {
    const { cleanText, handleChineseChars } = this.#options
    let result = character
    if (cleanText) result = cleaned(result)
    if (handleChineseChars && result !== '' && (charClass(codePointAt(result, 0)) & HAN) !== 0) result = ` ${result} `
    if (this.#strips) result = withoutAccents(result.normalize('NFD'))
    return this.#options.lowercase ? lowercase(result) : result
  }

  // The plain form: one step after the other over the whole text.
  #stepByStep(text: AlignedText): AlignedText {
    const { cleanText, handleChineseChars } = this.#options
    let result = text
    if (cleanText) result = CLEAN.apply(result)
    if (handleChineseChars) result = SPACE_HAN.apply(result)
    result = STRIP_ACCENTS.apply(DECOMPOSE.normalize(result))
    return this.#options.lowercase ? LOWERCASE.apply(result) : result
  }
}

// A kept mark with a combining class above 1: it moves behind U+0334, whose class is 1.
const hasMovingMark = (text: string): boolean =>
  (text.match(/\p{M}/gu) ?? []).some(
    (mark) =>
      !NONSPACING_MARK.has(codePointAt(mark, 0)) &&
      `${mark}\u0334`.normalize('NFD') !== `${mark.normalize('NFD')}\u0334`,
  )

function cleaned(character: string): string {
  const code = codePointAt(character, 0)
  const classes = charClass(code)
  if ((classes & CONTROL) !== 0 || code === 0xfffd) return ''
  return (classes & SPACE) !== 0 ? ' ' : character
}

const withoutAccents = (text: string): string =>
  text.replace(/[\p{M}\p{L}]/gu, (character) => (NONSPACING_MARK.has(codePointAt(character, 0)) ? '' : character))

const DECOMPOSE = new NFD()
const CLEAN = new CharacterMap(cleaned)
const SPACE_HAN = new CharacterMap((character) =>
  (charClass(codePointAt(character, 0)) & HAN) !== 0 ? ` ${character} ` : character,
)
const STRIP_ACCENTS = new CharacterMap(withoutAccents)
const LOWERCASE = new CharacterMap(lowercase)

export const bertNormalizer = normalizerPoint.of({
  name: 'BertNormalizer',
  summary: 'the text cleaning of BERT',
  config,
  create: (options) => new BertNormalizer(camelKeys(options)),
})

import type { PartSpec } from '@heddle/core'
import * as schema from '../config/schema.ts'
import { type PreTokenizer, preTokenizerPoint, type UnitSplit } from '../pipeline/points.ts'
import type { UnitSplitter } from '../text/bounds.ts'
import type { PreTokens, Spelling } from '../text/pre-tokens.ts'
import { writeUnits } from '../unicode/units.ts'

/** Rule for a marker before the first word: always, only at the start of the input, or never. */
const prependScheme = schema.oneOf('always', 'first', 'never')

export const metaspaceConfig = schema.strictObject({
  replacement: schema
    .string({ minLength: 1, maxLength: 2 })
    .default('\u2581')
    .describe('character that replaces a space'),
  prepend_scheme: prependScheme.optional(),
  split: schema.boolean().default(true).describe('whether every marker starts a pre-token'),
  // In older files:
  add_prefix_space: schema.boolean().optional(),
  str_rep: schema.string().optional(),
})

export interface MetaspaceOptions {
  /** Character that replaces a space. Default U+2581. */
  readonly replacement?: string
  readonly prependScheme?: schema.Output<typeof prependScheme>
  /** Whether every marker starts a pre-token. Default true. */
  readonly split?: boolean
}

/** Options from the config of a tokenizer.json of any version. */
export function metaspaceOptions(config: schema.Output<typeof metaspaceConfig>): Required<MetaspaceOptions> {
  const { replacement, split } = config
  return {
    replacement,
    split,
    prependScheme: config.prepend_scheme ?? (config.add_prefix_space === false ? 'never' : 'always'),
  }
}

/**
 * Replaces spaces by a visible marker at the start of the next word, so that decoding can restore them.
 *
 * @see Kudo and Richardson 2018, "SentencePiece"
 */
export class Metaspace implements PreTokenizer {
  readonly #unitSplit: UnitSplit
  readonly #replacement: string
  readonly #prependScheme: 'always' | 'first' | 'never'
  readonly #split: boolean
  readonly #marked: Spelling
  readonly #prefixed: Spelling

  constructor(options: MetaspaceOptions = {}) {
    this.#replacement = options.replacement ?? '\u2581'
    this.#prependScheme = options.prependScheme ?? 'always'
    this.#split = options.split ?? true
    this.#marked = new MarkerSpelling(this.#replacement, false)
    this.#prefixed = new MarkerSpelling(this.#replacement, true)
    const spelling = this.#prependScheme === 'never' ? this.#marked : this.#prefixed
    this.#unitSplit = {
      split: this.#split ? this.#splitUnits : undefined,
      spelling,
      whole: this.#prependScheme === 'first',
    }
  }

  get unitSplit(): UnitSplit {
    return this.#unitSplit
  }

  preTokenize(preTokens: PreTokens): PreTokens {
    const scheme = this.#prependScheme
    const settled = preTokens.settle()
    const isFirst = (i: number) => settled.originalRange(i, 0, settled.raw(i).length)[0] === 0
    const prefixes =
      scheme === 'always' ? settled.length : scheme === 'first' && settled.length > 0 && isFirst(0) ? 1 : 0
    if (prefixes === 0) return this.#splitAtMarkers(settled).withSpelling(this.#marked)
    if (prefixes === settled.length) return this.#splitAtMarkers(settled).withSpelling(this.#prefixed)
    // Only the first of several pre-tokens gets a marker. Spellings differ, so the pre-tokens are rewritten.
    const spelling = (i: number) => (isFirst(i) ? this.#prefixed : this.#marked)
    return this.#splitAtMarkers(
      settled.rewrite(
        (preToken, i) => spelling(i).spell(preToken),
        (preToken, i) => spelling(i).sources(preToken, 0, preToken.length),
      ),
    )
  }

  #splitAtMarkers(preTokens: PreTokens): PreTokens {
    return this.#split ? preTokens.splitUnits(this.#splitUnits) : preTokens
  }

  readonly #splitUnits: UnitSplitter = (units, start, end, out) => {
    const marker = this.#replacement.charCodeAt(0)
    const size = this.#replacement.length
    let from = start
    for (let i = start; i < end; i++) {
      const unit = units[i]!
      const isMarker = unit === marker && (size === 1 || isAt(units, i, end, this.#replacement))
      if (i === from || (unit !== SPACE && !isMarker)) continue
      out.push(from, i)
      from = i
      if (isMarker) i += size - 1
    }
    if (from < end) out.push(from, end)
  }

  toJSON(): PartSpec {
    return {
      type: 'Metaspace',
      replacement: this.#replacement,
      prepend_scheme: this.#prependScheme,
      split: this.#split,
    }
  }
}

const SPACE = 0x20

/** Replaces spaces by markers, and adds one before a pre-token that starts with neither if a prefix is wanted. */
class MarkerSpelling implements Spelling {
  readonly most: number
  readonly #marker: string
  readonly #prefix: boolean
  #sources = new Int32Array(256)

  constructor(marker: string, prefix: boolean) {
    this.most = marker.length
    this.#marker = marker
    this.#prefix = prefix
  }

  spell(preToken: string): string {
    const marked = preToken.replaceAll(' ', this.#marker)
    return this.#prefix && !marked.startsWith(this.#marker) ? this.#marker + marked : marked
  }

  write(source: Uint16Array, start: number, end: number, units: Uint16Array): number {
    const marker = this.#marker
    const isMarked = start < end && (source[start] === SPACE || isAt(source, start, end, marker))
    let at = this.#prefix && !isMarked ? writeUnits(marker, 0, marker.length, units) : 0
    for (let i = start; i < end; i++) {
      const unit = source[i]!
      if (unit !== SPACE) units[at++] = unit
      else for (let n = 0; n < marker.length; n++) units[at++] = marker.charCodeAt(n)
    }
    return at
  }

  sources(text: string, start: number, end: number): Int32Array {
    const size = this.#marker.length
    if (size * (end - start + 1) > this.#sources.length) this.#sources = new Int32Array(2 * size * (end - start + 1))
    const sources = this.#sources
    let at = 0
    const startsMarked = text.charCodeAt(start) === SPACE || text.startsWith(this.#marker, start)
    // A prefix takes the offset of the character after it.
    if (this.#prefix && !startsMarked) while (at < size) sources[at++] = start
    for (let i = start; i < end; i++) {
      sources[at++] = i
      if (size > 1 && text.charCodeAt(i) === SPACE) for (let n = 1; n < size; n++) sources[at++] = i
    }
    return sources
  }
}

/** Whether `part` stands at unit `i` of units that end before `end`. */
function isAt(units: Uint16Array, i: number, end: number, part: string): boolean {
  if (i + part.length > end) return false
  for (let n = 0; n < part.length; n++) if (units[i + n] !== part.charCodeAt(n)) return false
  return true
}

export const metaspace = preTokenizerPoint.of({
  name: 'Metaspace',
  summary: 'words with a marker for the preceding space',
  config: metaspaceConfig,
  create: (config) => new Metaspace(metaspaceOptions(config)),
})

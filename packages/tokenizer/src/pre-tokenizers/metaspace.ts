import type { PartSpec } from '@heddle/core'
import { z } from 'zod'
import type { Pieces } from '../pipeline/pieces.ts'
import { type PreTokenizer, preTokenizerPoint } from '../pipeline/points.ts'

/** When the text gets a marker before its first word: in any case, only at the very beginning of the input, or never. */
const prependScheme = z.enum(['always', 'first', 'never'])

export const metaspaceConfig = z.strictObject({
  replacement: z.string().min(1).max(2).default('\u2581').describe('the character that stands for a space'),
  prepend_scheme: prependScheme.optional(),
  split: z.boolean().default(true).describe('whether every marker begins a piece'),
  // Of older files:
  add_prefix_space: z.boolean().optional(),
  str_rep: z.string().optional(),
})

export interface MetaspaceOptions {
  /** The character that stands for a space. Default U+2581. */
  readonly replacement?: string
  readonly prependScheme?: z.output<typeof prependScheme>
  /** Whether every marker begins a piece. Default true. */
  readonly split?: boolean
}

/** Options from a config as it stands in tokenizer.json, of now or of older versions. */
export function metaspaceOptions(config: z.output<typeof metaspaceConfig>): Required<MetaspaceOptions> {
  const { replacement, split } = config
  return {
    replacement,
    split,
    prependScheme: config.prepend_scheme ?? (config.add_prefix_space === false ? 'never' : 'always'),
  }
}

/**
 * Writes spaces as a visible marker, which begins the word that follows it, so that decoding can put them back.
 *
 * @see Kudo and Richardson 2018, "SentencePiece"
 */
export class Metaspace implements PreTokenizer {
  readonly #replacement: string
  readonly #prependScheme: 'always' | 'first' | 'never'
  readonly #split: boolean

  constructor(options: MetaspaceOptions = {}) {
    this.#replacement = options.replacement ?? '\u2581'
    this.#prependScheme = options.prependScheme ?? 'always'
    this.#split = options.split ?? true
  }

  preTokenize(pieces: Pieces): Pieces {
    const marker = this.#replacement
    const settled = pieces.settle()
    const isFirst = (i: number) =>
      this.#prependScheme === 'always' ||
      (this.#prependScheme === 'first' && settled.originalRange(i, 0, settled.raw(i).length)[0] === 0)
    const lacks = (piece: string, i: number) =>
      piece[0] !== ' ' && !piece.startsWith(marker) && this.#prependScheme !== 'never' && isFirst(i)
    const marked = settled.rewrite(
      (piece, i) => (lacks(piece, i) ? marker : '') + piece.replaceAll(' ', marker),
      (piece, i) => markedSources(piece, lacks(piece, i) ? marker.length : 0, marker.length),
    )
    if (!this.#split) return marked
    return marked.split((text, start, end, out) => {
      let from = start
      for (
        let at = text.indexOf(marker, start + 1);
        at >= 0 && at < end;
        at = text.indexOf(marker, at + marker.length)
      ) {
        if (at > from) out.push(from, at)
        from = at
      }
      if (from < end) out.push(from, end)
    })
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

function markedSources(piece: string, prefix: number, markerLength: number): Int32Array {
  const longer = markerLength - 1
  const spaces = longer === 0 ? 0 : piece.split(' ').length - 1
  const sources = new Int32Array(prefix + piece.length + spaces * longer)
  let at = prefix
  for (let i = 0; i < piece.length; i++) {
    sources[at++] = i
    if (longer > 0 && piece[i] === ' ') for (let n = 0; n < longer; n++) sources[at++] = i
  }
  return sources
}

export const metaspace = preTokenizerPoint.of({
  name: 'Metaspace',
  summary: 'words with a marker for the space before them',
  config: metaspaceConfig,
  create: (config) => new Metaspace(metaspaceOptions(config)),
})

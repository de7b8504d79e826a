import type { EncodedText } from './encoded-text.ts'

/** Cuts white space off a token's offset, which is a range of `text`. */
export type OffsetTrim = (token: string, offset: [number, number], isFirst: boolean, text: string) => [number, number]

/** Tokens `from` to `to` of a text, as a part of an encoding. */
export interface TextRun {
  readonly kind: 'text'
  readonly source: EncodedText
  readonly from: number
  readonly to: number
  readonly typeId: number
  /** 0 for the first text of a pair, 1 for the second. */
  readonly sequence: number
  /** Cut white space off the tokens' offsets, as byte-level tokenizers do. */
  readonly trim?: OffsetTrim | undefined
}

/** Tokens that stand for no text: special ones, or padding. */
export interface FixedRun {
  readonly kind: 'special' | 'padding'
  readonly ids: Int32Array
  readonly tokens: readonly string[]
  readonly typeId: number
}

/** A stretch of an encoding. An encoding is a list of these; its columns are worked out from them. */
export type Run = TextRun | FixedRun

export const runLength = (run: Run): number => (run.kind === 'text' ? run.to - run.from : run.ids.length)

export function runIds(run: Run): Int32Array {
  if (run.kind !== 'text') return run.ids
  const { ids } = run.source
  return run.from === 0 && run.to === ids.length ? ids : ids.subarray(run.from, run.to)
}

/** The part of a run from token `from` to `to`. */
export function sliceRun(run: Run, from: number, to: number): Run {
  if (run.kind === 'text') return { ...run, from: run.from + from, to: run.from + to }
  return { ...run, ids: run.ids.subarray(from, to), tokens: run.tokens.slice(from, to) }
}

export function runTokens(run: Run): string[] {
  if (run.kind !== 'text') return [...run.tokens]
  return Array.from({ length: run.to - run.from }, (_, i) => run.source.token(run.from + i))
}

export function runOffsets(run: Run): [number, number][] {
  if (run.kind !== 'text') return run.tokens.map(() => [0, 0])
  const { source, from, to, trim } = run
  return Array.from({ length: to - from }, (_, i) => {
    const offset = source.offset(from + i)
    return trim === undefined ? offset : trim(source.token(from + i), offset, i === 0, source.text)
  })
}

export function runWords(run: Run): (number | null)[] {
  if (run.kind !== 'text') return run.tokens.map(() => null)
  return Array.from({ length: run.to - run.from }, (_, i) => run.source.word(run.from + i))
}

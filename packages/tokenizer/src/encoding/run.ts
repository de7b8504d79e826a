import type { EncodedText } from './encoded-text.ts'

/** Trims white space from a token's offset in `text`; `isFirst` for the first token of a run. */
export type OffsetTrim = (token: string, offset: [number, number], isFirst: boolean, text: string) => [number, number]

/** Tokens `from` to `to` of a text, as part of an encoding. */
export interface TextRun {
  readonly kind: 'text'
  readonly source: EncodedText
  readonly from: number
  readonly to: number
  readonly typeId: number
  /** 0 for the first text of a pair, 1 for the second. */
  readonly sequence: number
  /** Number of the word, if the text was given as a list of words. */
  readonly word?: number | undefined
  /** Trims white space from offsets, for byte-level tokenizers. */
  readonly trim?: OffsetTrim | undefined
}

/** Tokens without text: special tokens or padding. */
export interface FixedRun {
  readonly kind: 'special' | 'padding'
  readonly ids: Int32Array
  readonly tokens: readonly string[]
  readonly typeId: number
}

/** A stretch of an encoding; an encoding is a list of runs. */
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

export function appendTokens(run: Run, out: string[]): void {
  if (run.kind === 'text') run.source.appendTokens(run.from, run.to, out)
  else for (const token of run.tokens) out.push(token)
}

export function appendOffsets(run: Run, out: [number, number][]): void {
  if (run.kind !== 'text') {
    for (const _ of run.tokens) out.push([0, 0])
    return
  }
  const { source, from, to, trim } = run
  const first = out.length
  source.appendOffsets(from, to, out)
  if (trim === undefined) return
  const tokens: string[] = []
  source.appendTokens(from, to, tokens)
  for (const [i, token] of tokens.entries()) out[first + i] = trim(token, out[first + i]!, i === 0, source.text)
}

export function appendWords(run: Run, out: (number | null)[]): void {
  const words = run.kind === 'text' ? run.word : null
  if (run.kind === 'text' && words === undefined) run.source.appendWords(run.from, run.to, out)
  else for (let i = runLength(run); i > 0; i--) out.push(words!)
}

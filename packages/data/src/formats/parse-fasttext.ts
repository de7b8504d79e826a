import { splitLines } from './parsed.ts'

/** A line of fastText's files. */
export interface FastTextLine {
  readonly line: number
  readonly labels: readonly string[]
  readonly text: string
}

/** Characters in which a line with a label is looked for: the first examples may have none. */
const LOOKED_AT = 2 ** 16

/** Whether a text is in fastText's format: one of its first lines starts with a label. */
export const isFastText = (text: string): boolean =>
  /^\s*__label__\S/mu.test(text.slice(0, LOOKED_AT).replace(/^\ufeff/u, ''))

/**
 * Reads lines of fastText's format, `__label__sauce __label__cheese How much …`: every word that starts with `__label__` is a label,
 * wherever it stands. Empty lines are left out.
 *
 * @see Joulin et al. 2017, "Bag of tricks for efficient text classification"
 */
export function parseFastText(text: string): FastTextLine[] {
  return splitLines(text).flatMap((line, index) => {
    if (line.trim() === '') return []
    const { labels, text: rest } = withoutLabels(line)
    return [{ line: index + 1, labels, text: rest.trim() }]
  })
}

/** The text of a line of fastText's format without the labels in it; a line without any as it is. */
export function withoutLabels(line: string): Omit<FastTextLine, 'line'> {
  if (!line.includes('__label__')) return { labels: [], text: line }
  const labels = new Set([...line.matchAll(/(?<!\S)__label__(\S+)/gu)].map(([, label]) => label!))
  return { labels: [...labels], text: line.replace(/(?<!\S)__label__\S+\s*/gu, '').trim() }
}

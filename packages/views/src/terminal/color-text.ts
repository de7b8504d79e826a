import type { TextToken } from '@heddle/tasks'
import stringWidth from 'string-width'
import type { TerminalOptions } from '../exhibit-view.ts'
import { visibleText } from '../text/visible-text.ts'

/** Backgrounds of the 256 colors from 0 to 1 in six steps; the first is none. */
const REDS = [undefined, 224, 217, 210, 203, 196]
const BLUES = [undefined, 189, 147, 105, 63, 21]
/** Step from which white letters are easier to read. */
const DARK = 4

/**
 * A text colored by the activation of a unit at each token: red above 0, blue below, stronger the nearer to 1 and -1. Without
 * colors, a row of signs and one of tenths (0 to 9) follow each line of text.
 *
 * @param activations one for each token, in [-1, 1]
 */
export function colorText(
  tokens: readonly TextToken[],
  activations: ArrayLike<number>,
  { colors, columns }: TerminalOptions,
): string[] {
  const lines: string[] = []
  let row = emptyRow()
  const flush = () => {
    if (row.width > 0) lines.push(...(colors ? [row.text] : [row.text, row.signs, row.tenths].map(trimmed)))
    row = emptyRow()
  }
  const put = (text: string, value: number | undefined) => {
    const width = stringWidth(text)
    if (row.width + width > columns) flush()
    const shown = value === undefined ? ' ' : signOf(value)
    const tenth = value === undefined ? ' ' : `${Math.min(9, Math.floor(Math.abs(value) * 10))}`
    row = {
      width: row.width + width,
      text: row.text + (colors && value !== undefined ? painted(text, value) : text),
      signs: row.signs + shown.repeat(width),
      tenths: row.tenths + tenth.repeat(width),
    }
  }
  for (const [i, { text, gap }] of tokens.entries()) {
    for (const [l, part] of gap.split('\n').entries()) {
      if (l > 0) flush()
      if (part !== '') put(oneLine(part), undefined)
    }
    put(oneLine(text), activations[i] ?? 0)
    if (text.includes('\n')) flush()
  }
  flush()
  return lines
}

const oneLine = (text: string) => visibleText(text).replaceAll('\n', '⏎').replaceAll('\t', '→')
const emptyRow = () => ({ width: 0, text: '', signs: '', tenths: '' })
const trimmed = (text: string) => text.trimEnd()
const signOf = (value: number) => (Math.abs(value) < 0.1 ? ' ' : value > 0 ? '+' : '-')

/** A text on blue, the stronger the larger its share of 1. */
export const paintedShare = (text: string, share: number): string => painted(text, -share)

function painted(text: string, value: number): string {
  const step = Math.round(Math.min(1, Math.abs(value)) * (REDS.length - 1))
  const background = (value > 0 ? REDS : BLUES)[step]
  if (background === undefined) return text
  return `\x1b[48;5;${background}m\x1b[38;5;${step >= DARK ? 231 : 16}m${text}\x1b[0m`
}

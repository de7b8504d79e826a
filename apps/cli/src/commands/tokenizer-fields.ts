import { visibleText } from '@heddle/views'
import pc from 'picocolors'
import stringWidth from 'string-width'
import type { Output } from '../output.ts'

const LABEL = 15

/** A label and its value; on a terminal, a value that is too long continues below its beginning. */
export function tokenizerField(output: Output, label: string, value: string): void {
  const { dim } = pc.createColors(output.colors)
  const [first, ...more] = onTerminal(output, visibleText(value), LABEL + 1)
  output.styledLine(`${dim(label.padEnd(LABEL))} ${first}`)
  for (const line of more) output.line(`${' '.repeat(LABEL + 1)}${line}`)
}

/** The lines of a text that begins in column `indent` of a terminal; elsewhere it stays one line, for other programs to read. */
export function onTerminal(output: Output, text: string, indent: number): string[] {
  return output.interactive ? wrapped(text, Math.max(20, output.columns - indent)) : [text]
}

/** A text in lines of at most `width` columns, broken at spaces; a word that is wider stays whole. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  let taken = 0
  for (const word of text.split(' ')) {
    const size = stringWidth(word)
    if (taken > 0 && taken + 1 + size > width) {
      lines.push(line)
      line = word
      taken = size
    } else {
      line = lines.length === 0 && taken === 0 && line === '' ? word : `${line} ${word}`
      taken += (taken > 0 ? 1 : 0) + size
    }
  }
  return [...lines, line]
}

import type { AttentionMap } from '@heddle/tasks'
import stringWidth from 'string-width'
import type { TerminalOptions } from '../exhibit-view.ts'

/** The gray ramp of the 256 colors, from dark to light. */
const RAMP = { start: 232, length: 24 }
const BLOCKS = [' ', '░', '▒', '▓', '█']

/**
 * Attention as text: a column for each source token, a row for each target token, and a fuller cell for a larger weight, with a
 * scale at the end. Where the terminal is too narrow for the words of the source, columns are numbered and listed below.
 */
export function drawHeatMap(map: AttentionMap, options: TerminalOptions): string[] {
  const { source, target, weights } = map
  const labelWidth = Math.max(...target.map((token) => stringWidth(token)), 0)
  const widths = source.map((token) => Math.max(3, stringWidth(token)))
  const total = labelWidth + widths.reduce((sum, width) => sum + width + 1, 1)
  const numbered = total > options.columns
  const headings = numbered ? source.map((_, s) => `${s + 1}`) : source
  const columns = numbered ? headings.map(() => 3) : widths
  const lines = [`${' '.repeat(labelWidth)} ${headings.map((text, s) => pad(text, columns[s]!)).join(' ')}`.trimEnd()]
  for (const [t, token] of target.entries()) {
    const cells = columns.map((width, s) => cell(weights[t]?.[s] ?? 0, width, options.colors))
    lines.push(`${padLeft(token, labelWidth)} ${cells.join(' ')}`)
  }
  if (numbered) lines.push(source.map((token, s) => `${s + 1} ${token}`).join('  '))
  const ramp = [0, 0.25, 0.5, 0.75, 1].map((weight) => cell(weight, 3, options.colors)).join('')
  lines.push(`${' '.repeat(labelWidth)} 0 % ${ramp} 100 %`)
  return lines
}

function cell(weight: number, width: number, colors: boolean): string {
  const share = Math.min(1, Math.max(0, weight))
  if (colors) {
    const shade = RAMP.start + Math.round(share * (RAMP.length - 1))
    return `\x1b[48;5;${shade}m${' '.repeat(width)}\x1b[0m`
  }
  return BLOCKS[Math.round(share * (BLOCKS.length - 1))]!.repeat(width)
}

// Hangul and Chinese characters are two columns wide, so that padStart would misalign them.
const pad = (text: string, width: number) => text + ' '.repeat(Math.max(0, width - stringWidth(text)))
const padLeft = (text: string, width: number) => ' '.repeat(Math.max(0, width - stringWidth(text))) + text

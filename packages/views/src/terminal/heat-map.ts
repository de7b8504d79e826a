import type { AttentionMap } from '@heddle/tasks'
import stringWidth from 'string-width'
import type { TerminalOptions } from '../exhibit-view.ts'
import { inBlocks } from '../heads/weight-picture.ts'
import { wrap } from './wrap.ts'

/** The gray ramp of the 256 colors, from dark to light. */
const RAMP = { start: 232, length: 24 }
/** Rows of a map that fit on a screen. */
const MOST_ROWS = 48
const SCALE_WIDTH = 26
const BLOCKS = [' ', '░', '▒', '▓', '█']

/**
 * Attention as text: a column for each source token, a row for each target token, and a fuller cell for a larger weight, with a
 * scale at the end. Where the terminal is too narrow for the words of the source, columns are numbered and listed below. Where it
 * is too narrow for their numbers, or the target is long, a cell shows the largest weight of a block of tokens.
 */
export function drawHeatMap(map: AttentionMap, options: TerminalOptions): string[] {
  const { source, target, weights } = map
  const labelWidth = Math.max(...target.map((token) => stringWidth(token)), 0)
  const widths = source.map((token) => Math.max(3, stringWidth(token)))
  const total = labelWidth + widths.reduce((sum, width) => sum + width + 1, 1)
  const numbered = total > options.columns
  const fits = labelWidth + 4 * source.length + 1 <= options.columns && target.length <= MOST_ROWS
  if (!fits) return drawBlocks(map, options)
  const headings = numbered ? source.map((_, s) => `${s + 1}`) : source
  const columns = numbered ? headings.map(() => 3) : widths
  const lines = [`${' '.repeat(labelWidth)} ${headings.map((text, s) => pad(text, columns[s]!)).join(' ')}`.trimEnd()]
  for (const [t, token] of target.entries()) {
    const cells = columns.map((width, s) => cell(weights[t]?.[s] ?? 0, width, options.colors))
    lines.push(`${padLeft(token, labelWidth)} ${cells.join(' ')}`)
  }
  if (numbered) {
    const numbers = source.map((token, s) => `${s + 1} ${token}`)
    lines.push(...wrap(numbers, options.columns, '  '))
  }
  lines.push(scaleLine(labelWidth, options))
  return lines
}

/** A map too large for its labels: where it fits, rows have their tokens, otherwise the number of the first one, from 1. */
function drawBlocks({ source, target, weights }: AttentionMap, options: TerminalOptions): string[] {
  const named = Math.max(...target.map((token) => stringWidth(token)))
  const isWhole = target.length <= MOST_ROWS && named + 2 * source.length < options.columns
  const labelWidth = isWhole ? named : `${target.length}`.length
  const room = Math.max(1, Math.min(MOST_ROWS, Math.floor((options.columns - labelWidth - 1) / 2)))
  const size = isWhole ? 1 : Math.ceil(Math.max(source.length, target.length) / room)
  const rows = inBlocks(weights, size).map((row, t) => {
    const cells = row.map((weight) => cell(weight, 2, options.colors)).join('')
    return `${padLeft(isWhole ? target[t]! : `${t * size + 1}`, labelWidth)} ${cells}`.trimEnd()
  })
  const note = size > 1 ? `, each cell the largest weight among ${size} × ${size} tokens` : ''
  return [
    ...wrap(`${source.length} columns${note}`.split(' '), options.columns),
    ...rows,
    scaleLine(labelWidth, options),
  ]
}

function scaleLine(labelWidth: number, { colors, columns }: TerminalOptions): string {
  const indent = ' '.repeat(Math.max(0, Math.min(labelWidth, columns - SCALE_WIDTH)))
  const ramp = [0, 0.25, 0.5, 0.75, 1].map((weight) => cell(weight, 3, colors)).join('')
  return `${indent} 0 % ${ramp} 100 %`
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

import type { LabelScores, LabelScoresExhibit } from '@heddle/tasks'
import stringWidth from 'string-width'
import { exhibitView, type TerminalOptions } from '../exhibit-view.ts'
import { type Markup, markup } from '../page/markup.ts'
import { heading } from '../terminal/styles.ts'

/** Rows of the terminal's table; the page has all of them. */
const MOST_LINES = 20

/** A table of precision, recall and F1 by label. */
export const labelScoresView = exhibitView<LabelScoresExhibit>({
  name: 'label-scores',
  summary: 'precision, recall and F1 by label',
  html: (exhibits) => markup`${exhibits.map(table)}`,
  terminal: (exhibits, options) => exhibits.flatMap((exhibit) => lines(exhibit, options)),
})

const percent = (share: number) => `${(100 * share).toFixed(1)} %`

const cells = ({ precision, recall, f1, count, threshold }: LabelScores) => [
  ...[precision, recall, f1].map(percent),
  count.toLocaleString('en'),
  ...(threshold === undefined ? [] : [threshold.toFixed(2)]),
]

const headerOf = (scores: readonly LabelScores[]) => [
  ...['precision', 'recall', 'F1', 'examples'],
  ...(scores.some(({ threshold }) => threshold !== undefined) ? ['predicted from'] : []),
]

const padded = (text: string, width: number) => text + ' '.repeat(Math.max(0, width - stringWidth(text)))

function shortened(text: string, width: number): string {
  let short = ''
  for (const character of text) {
    if (stringWidth(short + character) >= width) break
    short += character
  }
  return `${short}…`
}

function table({ title, scores }: LabelScoresExhibit): Markup {
  return markup`<section><h2>${title}</h2><div class="scroll"><table class="numbers"><tr><th>label</th>${headerOf(scores).map((name) => markup`<th>${name}</th>`)}</tr>
${scores.map((score) => markup`<tr><th scope="row">${score.label}</th>${cells(score).map((cell) => markup`<td>${cell}</td>`)}</tr>`)}</table></div></section>`
}

function lines({ title, scores }: LabelScoresExhibit, { colors, columns }: TerminalOptions): string[] {
  const shown = scores.slice(0, MOST_LINES)
  const header = headerOf(scores)
  const numbers = [header, ...shown.map(cells)]
  const widths = header.map((_, i) => Math.max(...numbers.map((row) => row[i]!.length)) + 2)
  const width = Math.max(5, ...shown.map(({ label }) => stringWidth(label)))
  const room = Math.max(8, columns - 2 - widths.reduce((sum, each) => sum + each, 0))
  const named = (label: string) =>
    padded(stringWidth(label) > room ? shortened(label, room) : label, Math.min(width, room))
  const names = ['label', ...shown.map(({ label }) => label)]
  const left = scores.length - shown.length
  return [
    ...heading(title, colors),
    ...names.map(
      (name, row) => `  ${named(name)}${numbers[row]!.map((cell, i) => cell.padStart(widths[i]!)).join('')}`,
    ),
    ...(left > 0 ? [`  ${left} more labels in the report`] : []),
  ]
}

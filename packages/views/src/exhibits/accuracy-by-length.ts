import type { AccuracyByLengthExhibit, LengthAccuracy } from '@heddle/tasks'
import { lineChart, type Series } from '../charts/line-chart.ts'
import { exhibitView, type TerminalOptions } from '../exhibit-view.ts'
import { type Markup, markup } from '../page/markup.ts'
import { sparkline } from '../terminal/sparkline.ts'
import { heading } from '../terminal/styles.ts'

/** Charts of the accuracy by length, with the lengths that training had apart from longer ones. */
export const accuracyByLengthView = exhibitView<AccuracyByLengthExhibit>({
  name: 'accuracy-by-length',
  summary: 'accuracy by length, in training and beyond',
  html: (exhibits) =>
    markup`<section><h2>Accuracy by length</h2><div class="charts">${exhibits.map(chart)}</div>${exhibits.map(table)}</section>`,
  terminal: (exhibits, options) => exhibits.flatMap((exhibit) => lines(exhibit, options)),
})

interface Range {
  readonly name: string
  readonly lengths: readonly LengthAccuracy[]
}

/** The lengths of training and the longer ones, as far as there are any. */
function rangesOf({ lengths, longestInTraining }: AccuracyByLengthExhibit): Range[] {
  return [
    { name: 'as in training', lengths: lengths.filter(({ length }) => length <= longestInTraining) },
    { name: 'longer', lengths: lengths.filter(({ length }) => length > longestInTraining) },
  ].filter((range) => range.lengths.length > 0)
}

/** Share of right ones among all examples of the lengths. */
function meanOf(lengths: readonly LengthAccuracy[]): number {
  const total = lengths.reduce((sum, { count }) => sum + count, 0)
  return lengths.reduce((sum, { accuracy, count }) => sum + accuracy * count, 0) / total
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`

const spanOf = (lengths: readonly LengthAccuracy[]) => {
  const [first, last] = [lengths[0]!.length, lengths.at(-1)!.length]
  return first === last ? `${first}` : `${first} to ${last}`
}

function lines(exhibit: AccuracyByLengthExhibit, { colors, columns }: TerminalOptions): string[] {
  const ranges = rangesOf(exhibit)
  const labels = ranges.map(({ name, lengths }) => `${spanOf(lengths)} ${exhibit.unit}, ${name}`)
  const width = Math.max(...labels.map(({ length }) => length))
  return [
    ...heading(exhibit.title, colors),
    ...ranges.flatMap(({ lengths }, i) => {
      const room = Math.max(1, columns - width - 14)
      const bars = sparkline(
        lengths.slice(0, room).map(({ accuracy }) => accuracy),
        { from: 0, to: 1 },
      )
      return [
        `  ${labels[i]!.padEnd(width)} ${percent(meanOf(lengths)).padStart(8)}  ${bars}`,
        ...wrapped(
          lengths.map(({ length, accuracy }) => `${length}: ${Math.round(100 * accuracy)} %`),
          columns - 4,
        ).map((line) => `    ${line}`),
      ]
    }),
  ]
}

/** Parts side by side, in lines of at most `columns` characters. */
function wrapped(parts: readonly string[], columns: number): string[] {
  const result: string[] = []
  for (const part of parts) {
    const last = result.at(-1)
    if (last === undefined || last.length + 2 + part.length > columns) result.push(part)
    else result[result.length - 1] = `${last}  ${part}`
  }
  return result
}

function chart(exhibit: AccuracyByLengthExhibit): Markup {
  const series = rangesOf(exhibit).map(
    ({ name, lengths }, i): Series => ({
      name: `${name}: ${percent(meanOf(lengths))}`,
      color: i === 0 ? 1 : 2,
      points: lengths.map(({ length, accuracy }) => [length, 100 * accuracy]),
      dots: true,
    }),
  )
  return lineChart({ title: `${exhibit.title}, in percent`, xLabel: exhibit.unit, series })
}

function table({ unit, longestInTraining, lengths }: AccuracyByLengthExhibit): Markup {
  return markup`<details><summary>In numbers, by ${unit}</summary><div class="scroll"><table class="numbers"><tr><th>${unit}</th><th>accuracy</th><th>examples</th><th></th></tr>
${lengths.map(({ length, accuracy, count }) => markup`<tr><td>${length}</td><td>${percent(accuracy)}</td><td>${count}</td><td>${length > longestInTraining && 'longer than in training'}</td></tr>`)}</table></div></details>`
}

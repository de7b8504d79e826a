import type { ConfusionExhibit } from '@heddle/tasks'
import stringWidth from 'string-width'
import { cellPicture } from '../charts/cell-picture.ts'
import { scaleBar } from '../charts/scale-bar.ts'
import { exhibitView } from '../exhibit-view.ts'
import { type Markup, markup, phrase } from '../page/markup.ts'
import { heading, styles } from '../terminal/styles.ts'

/** Pairs of confused labels in a terminal. */
const SHOWN = 5

/** Tables of true labels by predicted ones. */
export const confusionView = exhibitView<ConfusionExhibit>({
  name: 'confusion',
  summary: 'a table of true labels by predicted ones',
  html: (exhibits) => markup`${exhibits.map(table)}`,
  terminal: (exhibits, { colors }) => exhibits.flatMap((exhibit) => lines(exhibit, colors)),
  pictures: ({ labels, counts }) => {
    const shares = counts.map((row) => {
      const total = row.reduce((sum, count) => sum + count, 0)
      return row.map((count) => (total > 0 ? count / total : 0))
    })
    const description = `Rows are true labels, columns predicted ones, in this order: ${labels.join(', ')}. Colors are shares of a row: blue right, red wrong.`
    return [{ ...cellPicture(shares, (i, j) => (i === j ? 'blue' : 'red')), description }]
  },
})

/** The diagonal is right; a cell is the stronger, the larger its share of the row. */
function table({ title, labels, counts }: ConfusionExhibit): Markup {
  return markup`<section><h2>${title}</h2><p>Rows are true labels, columns predicted ones. Colors are shares of a row: blue right, red wrong.</p><div class="shares">${scaleBar('0 %', '100 %')}</div><div class="scroll"><table class="confusion">
<tr><th></th>${labels.map((label) => markup`<th>${phrase(label)}</th>`)}</tr>
${labels.map((label, i) => {
  const row = counts[i] ?? []
  const total = row.reduce((sum, count) => sum + count, 0)
  return markup`<tr><th>${phrase(label)}</th>${row.map((count, j) => {
    const percent = total > 0 ? Math.round((100 * count) / total) : 0
    return markup`<td class="${i === j ? 'right' : 'wrong'}" style="--share:${percent}%" title="${label} predicted as ${labels[j]}: ${count} of ${total} (${percent} %)">${count > 0 && count}</td>`
  })}</tr>`
})}</table></div></section>`
}

/** The labels that are confused most often. */
function lines({ title, labels, counts }: ConfusionExhibit, colors: boolean): string[] {
  const confused = counts
    .flatMap((row, i) => row.map((count, j) => ({ count, from: labels[i] ?? '', to: labels[j] ?? '', wrong: i !== j })))
    .filter(({ count, wrong }) => wrong && count > 0)
    .sort((a, b) => b.count - a.count)
    .slice(0, SHOWN)
  if (confused.length === 0) return [...heading(title, colors), '  no label is taken for another']
  const width = Math.max(...confused.map(({ from }) => stringWidth(from)))
  const { dim } = styles(colors)
  return [
    ...heading(`${title}: most frequent mistakes`, colors),
    ...confused.map(
      ({ count, from, to }) =>
        `  ${from}${' '.repeat(width - stringWidth(from))} ${dim('taken for')} ${to}: ${count.toLocaleString('en')}`,
    ),
  ]
}

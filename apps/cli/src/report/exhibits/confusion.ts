import type { ConfusionExhibit } from '@heddle/recipes'
import { type Markup, markup } from '../markup.ts'

/** A table of labels by labels, each cell as dark as its share of the row; the diagonal is right. */
export function confusionTable({ title, labels, counts }: ConfusionExhibit): Markup {
  return markup`<section><h2>${title}</h2><p>Rows are the true labels, columns those that were given.</p><div class="scroll"><table class="confusion">
<tr><th></th>${labels.map((label) => markup`<th>${label}</th>`)}</tr>
${labels.map((label, i) => {
  const row = counts[i] ?? []
  const total = row.reduce((sum, count) => sum + count, 0)
  return markup`<tr><th>${label}</th>${row.map((count, j) => {
    const share = total > 0 ? count / total : 0
    const color = i === j ? 'var(--map)' : 'var(--bad)'
    const percent = Math.round(100 * share)
    return markup`<td style="background:color-mix(in srgb, ${color} ${percent}%, transparent)" title="${label} taken for ${labels[j]}: ${count} of ${total} (${percent} %)">${count > 0 && count}</td>`
  })}</tr>`
})}</table></div></section>`
}

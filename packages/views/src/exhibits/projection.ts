import type { ProjectionExhibit, ProjectionPanel } from '@heddle/inspect'
import { groupMark, scatter } from '../charts/scatter.ts'
import { exhibitView, type TerminalOptions } from '../exhibit-view.ts'
import { type Markup, markup, phrase } from '../page/markup.ts'
import { heading } from '../terminal/styles.ts'
import { wrap } from '../terminal/wrap.ts'

/** Rows of a plane in a terminal. */
const ROWS = 16
const MOST_COLUMNS = 64
/** Letters of a text under the pointer. */
const LONGEST = 90
const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'

/** Vectors by label in the plane of their largest variance, a panel for each model. */
export const projectionView = exhibitView<ProjectionExhibit>({
  name: 'projection',
  summary: 'vectors of examples in a plane, by label',
  html: (exhibits) => markup`${exhibits.map(section)}`,
  terminal: (exhibits, options) =>
    exhibits.flatMap((exhibit) =>
      exhibit.panels.flatMap((panel) => [
        ...heading(`${exhibit.title}: ${panel.name}`, options.colors),
        ...lines(exhibit, panel, { ...options, columns: Math.max(12, options.columns - 2) }).map((line) => `  ${line}`),
      ]),
    ),
})

function section({ title, labels, size, panels }: ProjectionExhibit): Markup {
  const groups = new Map(labels.map((label, i) => [label, i]))
  return markup`<section><h2>${title}</h2><p>The vectors of ${size} numbers from which the labels are scored, on their two principal components. ${panels.length > 1 && 'Each panel has a projection of its own. '}The point under the pointer tells its text.</p>
<p>${labels.map((label, i) => markup`<span class="group">${groupMark(i)} ${phrase(label)}</span>`)}</p>
<div class="charts">${panels.map(
    (panel) =>
      markup`<figure><figcaption>${panel.name}</figcaption>${scatter(
        panel.points.map(({ x, y, label, text }) => ({
          x,
          y,
          group: groups.get(label) ?? 0,
          title: text === undefined ? label : `${label}: ${shortened(text)}`,
        })),
        `vectors of ${panel.name} by label`,
      )}<small>${caption(panel)}</small></figure>`,
  )}</div></section>`
}

function caption({ points, explained, sameNeighbor }: ProjectionPanel): string {
  const counts = new Map<string, number>()
  for (const { label } of points) counts.set(label, (counts.get(label) ?? 0) + 1)
  const chance = [...counts.values()].reduce((sum, count) => sum + (count / points.length) ** 2, 0)
  return `${points.length} examples; the plane has ${percent(explained[0] + explained[1])} of the variance; ${percent(sameNeighbor)} have a nearest neighbor of their own label, by chance ${percent(chance)}`
}

const percent = (share: number) => `${(100 * share).toFixed(0)} %`

function shortened(text: string): string {
  const line = text.replaceAll(/\s+/gu, ' ')
  return [...line].length > LONGEST ? `${[...line].slice(0, LONGEST - 1).join('')}…` : line
}

/** A letter for each label; a place shows the label that most of its points have. */
function lines({ labels }: ProjectionExhibit, panel: ProjectionPanel, { columns }: TerminalOptions): string[] {
  const { points } = panel
  const width = Math.min(MOST_COLUMNS, columns)
  const place = (values: readonly number[], steps: number) => {
    const [low, high] = [Math.min(...values), Math.max(...values)]
    return values.map((value) => (high > low ? Math.round(((value - low) / (high - low)) * (steps - 1)) : 0))
  }
  const xs = place(
    points.map(({ x }) => x),
    width,
  )
  const ys = place(
    points.map(({ y }) => y),
    ROWS,
  )
  const cells = Array.from({ length: ROWS }, () => Array.from({ length: width }, () => new Map<string, number>()))
  for (const [i, { label }] of points.entries()) {
    const cell = cells[ROWS - 1 - ys[i]!]![xs[i]!]!
    cell.set(label, (cell.get(label) ?? 0) + 1)
  }
  const letterOf = (label: string) => LETTERS[labels.indexOf(label) % LETTERS.length] ?? '?'
  const rows = cells.map((row) =>
    row
      .map((cell) => {
        const [most] = [...cell].sort((a, b) => b[1] - a[1])
        return most === undefined ? ' ' : letterOf(most[0])
      })
      .join('')
      .trimEnd(),
  )
  const key = labels.map((label) => `${letterOf(label)} ${label}`)
  return [...rows, ...wrap(key, columns, '  '), ...wrap(caption(panel).split(' '), columns)]
}

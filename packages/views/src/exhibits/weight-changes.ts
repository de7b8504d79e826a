import type { WeightChange, WeightChangesExhibit } from '@heddle/inspect'
import stringWidth from 'string-width'
import { exhibitView, type TerminalOptions } from '../exhibit-view.ts'
import { type Markup, markup } from '../page/markup.ts'
import { heading, styles } from '../terminal/styles.ts'
import { formatCount } from '../text/format.ts'

/** Layers in a terminal. */
const SHOWN = 40
/** Columns of the longest bar in a terminal. */
const BAR = 30

/** Relative change of each layer between two models, as a table with bars. */
export const weightChangesView = exhibitView<WeightChangesExhibit>({
  name: 'weight-changes',
  summary: 'change of each layer between two models',
  html: (exhibits) => markup`${exhibits.map(section)}`,
  terminal: (exhibits, options) =>
    exhibits.flatMap((exhibit) => [
      ...heading(`${exhibit.title}: ${exhibit.before} → ${exhibit.after}`, options.colors),
      ...lines(exhibit, options).map((line) => `  ${line}`),
    ]),
})

function section({ title, before, after, layers, parameters, onlyBefore, onlyAfter }: WeightChangesExhibit): Markup {
  return markup`<section class="changes"><h2>${title}</h2><p>From ${before} to ${after}: ‖after − before‖ / ‖before‖ over all weights of a layer. 0 % is no change, 100 % a change as large as the weights were.</p>
${table(layers, 'layer')}
<details><summary>Every parameter</summary>${table(parameters, 'parameter')}</details>
${onlyOne(after, onlyAfter)}${onlyOne(before, onlyBefore)}</section>`
}

function table(changes: readonly WeightChange[], kind: string): Markup {
  const most = largest(changes)
  return markup`<div class="scroll"><table class="numbers"><thead><tr><th>${kind}</th><th>change</th><th></th><th>weights</th><th>norm before</th></tr></thead>${changes.map(
    ({ path, size, norm, change }) =>
      markup`<tr><td>${path}</td><td>${percent(change)}</td><td class="bar"><i style="width:${(100 * shareOf(change, most)).toFixed(1)}%"></i></td><td>${formatCount(size)}</td><td>${norm.toPrecision(3)}</td></tr>`,
  )}</table></div>`
}

const onlyOne = (name: string, paths: readonly string[]): Markup | undefined =>
  paths.length === 0
    ? undefined
    : markup`<p>Only in ${name}, or there in another shape: ${paths.slice(0, 20).join(', ')}${paths.length > 20 && ` and ${paths.length - 20} more`}.</p>`

/** The largest change that is finite: bars are drawn against it. */
const largest = (changes: readonly WeightChange[]) =>
  Math.max(1e-12, ...changes.map(({ change }) => change).filter(Number.isFinite))
const shareOf = (change: number, most: number) => Math.min(1, change / most)
const percent = (change: number) =>
  Number.isFinite(change) ? `${(100 * change).toFixed(change < 0.0995 ? 2 : 1)} %` : 'from zero'

function lines(
  { layers, onlyBefore, onlyAfter, before, after }: WeightChangesExhibit,
  { colors, columns }: TerminalOptions,
): string[] {
  const { dim } = styles(colors)
  const label = Math.min(Math.max(5, columns - 24), Math.max(...layers.map(({ path }) => stringWidth(path))))
  const room = Math.max(4, Math.min(BAR, columns - label - 16))
  const most = largest(layers)
  const shown = layers.slice(0, SHOWN).map(({ path, change }) => {
    const name = stringWidth(path) > label ? `…${path.slice(1 - label)}` : path.padEnd(label)
    return `${name} ${percent(change).padStart(9)}  ${'█'.repeat(Math.round(room * shareOf(change, most)))}`.trimEnd()
  })
  const notes = [
    layers.length > SHOWN && `… and ${layers.length - SHOWN} layers more on the page`,
    onlyAfter.length > 0 && `${onlyAfter.length} parameters only in ${after}`,
    onlyBefore.length > 0 && `${onlyBefore.length} parameters only in ${before}`,
  ].filter((note) => note !== false)
  return [...shown, ...notes.map(dim)]
}

import type { LensCell, LogitLensExhibit } from '@heddle/inspect'
import stringWidth from 'string-width'
import { lineChart } from '../charts/line-chart.ts'
import { exhibitView, type TerminalOptions } from '../exhibit-view.ts'
import { tokenLabel } from '../heads/token-spans.ts'
import { languageAttribute, type Markup, markup, script } from '../page/markup.ts'
import { paintedShare } from '../terminal/color-text.ts'
import { heading, styles } from '../terminal/styles.ts'
import { LENS_SCRIPT } from './logit-lens-script.ts'

/** Letters of a token in a cell. */
const LONGEST = 12
/** Blocks of columns in a terminal. */
const SHOWN = 4

/** The prediction of each layer at each token, the last layer on top. */
export const logitLensView = exhibitView<LogitLensExhibit>({
  name: 'logit-lens',
  summary: 'the predictions of each layer at each token',
  html: (exhibits) => markup`${exhibits.map((exhibit, i) => section(exhibit, i === exhibits.length - 1))}`,
  terminal: (exhibits, options) =>
    exhibits.flatMap((exhibit) => [
      ...heading(`${exhibit.title}: the most probable ${placeOf(exhibit)} by layer`, options.colors),
      ...lines(exhibit, { ...options, columns: Math.max(24, options.columns - 2) }).map((line) => `  ${line}`),
    ]),
})

const placeOf = ({ predicts }: LogitLensExhibit) => (predicts === 'next' ? 'next token' : 'token')

/** @param isLast whether the section brings the script for all of them */
function section(exhibit: LogitLensExhibit, isLast: boolean): Markup {
  const { title, tokens, predicts, vocabSize, layers } = exhibit
  const names = layers.map(({ name }) => name)
  // The labels of an axis have little room: 'layer 3' is 3.
  const formatX = (x: number) => names[x]?.replace('layer ', '') ?? ''
  const points = (figure: (layer: (typeof layers)[number]) => number) =>
    layers.map((layer, l) => [l, figure(layer)] as const)
  return markup`<section class="lens"><h2>${title}</h2>
<p>${tokens.length} tokens, a vocabulary of ${vocabSize.toLocaleString('en')}. A cell shows the most probable ${placeOf(exhibit)} if its layer were the last one, the stronger colored the more probable; it is underlined where the last layer says the same. ${predicts === 'next' && 'Columns are headed by the token that was read; the prediction is for the one after it.'}</p>
<p class="answer" aria-live="polite"></p>
<div class="scroll"><table class="grid lens-grid"><thead><tr><th scope="col">token</th>${tokens.map(({ text }) => markup`<th scope="col" ${languageAttribute(text)}>${shortened(text)}</th>`)}</tr></thead>${layers
    .map(({ name, cells }) => row(exhibit, name, cells))
    .reverse()}</table></div>
<div class="charts">${lineChart({
    title: 'Tokens at which the layer agrees with the last one',
    xLabel: 'layer',
    formatX,
    scale: 'share',
    series: [{ name: 'agreement', color: 1, points: points(({ agreement }) => agreement), dots: true }],
  })}${lineChart({
    title: 'Bits',
    xLabel: 'layer',
    formatX,
    series: [
      { name: 'entropy', color: 2, points: points(({ entropy }) => entropy), dots: true },
      {
        name: 'divergence from the last layer',
        color: 3,
        points: points(({ divergence }) => divergence),
        dots: true,
      },
    ],
  })}</div>${isLast && script(LENS_SCRIPT)}</section>`
}

function row({ tokens, predicts }: LogitLensExhibit, name: string, cells: readonly LensCell[]): Markup {
  return markup`<tr><th scope="row">${name}</th>${cells.map((cell, t) => {
    const top = cell.tokens[0] ?? ''
    const share = Math.round(100 * (cell.probabilities[0] ?? 0))
    const where = `${predicts === 'next' ? 'After' : 'At'} “${tokenLabel(tokens[t]?.text ?? '')}”, ${name}`
    return markup`<td class="low${cell.rank === 1 && ' same'}" style="--share:${share}%" title="${where}: ${describe(cell)}" ${languageAttribute(top)}>${shortened(top)}</td>`
  })}</tr>`
}

function describe({ tokens, probabilities, rank, probability, entropy }: LensCell): string {
  const listed = tokens.map((token, i) => `${tokenLabel(token)} ${percent(probabilities[i] ?? 0)}`).join(', ')
  const final = rank === 1 ? '' : `; the last layer's token has rank ${rank} (${percent(probability)})`
  return `${listed}; entropy ${entropy.toFixed(2)} bits${final}`
}

const percent = (share: number) => `${(100 * share).toFixed(share < 0.0995 ? 1 : 0)} %`

function shortened(text: string): string {
  const label = tokenLabel(text)
  return [...label].length > LONGEST ? `${[...label].slice(0, LONGEST - 1).join('')}…` : label
}

function lines({ tokens, layers }: LogitLensExhibit, { colors, columns }: TerminalOptions): string[] {
  const { dim, underline } = styles(colors)
  const label = Math.max(5, ...layers.map(({ name }) => name.length))
  const widths = tokens.map(({ text }, t) =>
    Math.max(
      1,
      ...[text, ...layers.map(({ cells }) => cells[t]!.tokens[0] ?? '')].map((each) => stringWidth(shortened(each))),
    ),
  )
  const lines: string[] = []
  let at = 0
  for (let block = 0; block < SHOWN && at < tokens.length; block++) {
    let end = at
    for (let used = label; end < tokens.length && used + 1 + widths[end]! <= columns; end++) used += 1 + widths[end]!
    end = Math.max(end, at + 1)
    const places = Array.from({ length: end - at }, (_, i) => at + i)
    const cell = (t: number, text: string, style: (text: string) => string) =>
      ` ${style(shortened(text))}${' '.repeat(widths[t]! - stringWidth(shortened(text)))}`
    if (block > 0) lines.push('')
    lines.push(`${dim('token'.padEnd(label))}${places.map((t) => cell(t, tokens[t]!.text, dim)).join('')}`)
    for (const { name, cells } of [...layers].reverse()) {
      const shown = places.map((t) => {
        const { tokens: best, probabilities, rank } = cells[t]!
        const marked = (text: string) => (rank === 1 ? underline(text) : text)
        return cell(t, best[0] ?? '', (text) => marked(colors ? paintedShare(text, probabilities[0] ?? 0) : text))
      })
      lines.push(`${name.padEnd(label)}${shown.join('')}`)
    }
    at = end
  }
  if (at < tokens.length) lines.push(dim(`… and ${tokens.length - at} tokens more on the page`))
  lines.push('', dim(`${''.padEnd(label)}  agrees with the last layer   entropy   divergence`))
  for (const { name, agreement, entropy, divergence } of [...layers].reverse()) {
    const figures = [`${(100 * agreement).toFixed(0)} %`.padStart(26), `${entropy.toFixed(2)}`.padStart(9)]
    lines.push(`${name.padEnd(label)}  ${figures.join(' ')} ${`${divergence.toFixed(2)} bits`.padStart(12)}`)
  }
  return lines
}

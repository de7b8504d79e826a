import type { TokenScoresExhibit } from '@heddle/tasks'
import stringWidth from 'string-width'
import { scaleBar } from '../charts/scale-bar.ts'
import { exhibitView } from '../exhibit-view.ts'
import { languageAttribute, type Markup, markup } from '../page/markup.ts'
import { paintedShare } from '../terminal/color-text.ts'
import { heading, styles } from '../terminal/styles.ts'
import { visibleText } from '../text/visible-text.ts'

/** Surprise in bits that has the strongest color. */
const MOST_BITS = 10

/** A text colored by how surprising each token is, above a table of its tokens. */
export const tokenScoresView = exhibitView<TokenScoresExhibit>({
  name: 'token-scores',
  summary: 'a text colored by the surprise of each token',
  html: (exhibits) => markup`${exhibits.map(section)}`,
  terminal: (exhibits, { colors }) =>
    exhibits.flatMap((exhibit) => [
      ...heading(exhibit.title, colors),
      ...coloredText(exhibit, colors),
      ...table(exhibit, colors),
    ]),
})

const bitsOf = (logProbability: number) => -logProbability / Math.LN2
const shareOf = (logProbability: number) => Math.min(1, bitsOf(logProbability) / MOST_BITS)
const shownToken = (text: string) => visibleText(text).replaceAll('\n', '⏎').replaceAll('\t', '→')

function coloredText({ tokens, logProbabilities }: TokenScoresExhibit, colors: boolean): string[] {
  if (!colors) return []
  const parts = tokens.map(
    ({ text, gap }, i) =>
      visibleText(gap) +
      // A line end is painted before it ends the line.
      paintedShare(shownToken(text), shareOf(logProbabilities[i]!)) +
      (text.endsWith('\n') ? '\n' : ''),
  )
  return parts
    .join('')
    .split('\n')
    .map((line) => `  ${line}`)
}

function table({ tokens, logProbabilities }: TokenScoresExhibit, colors: boolean): string[] {
  const { dim } = styles(colors)
  const shown = tokens.map(({ text }) => (text.trim() === '' ? `"${shownToken(text)}"` : shownToken(text)))
  const width = Math.max(5, ...shown.map((text) => stringWidth(text)))
  const row = (token: string, logProbability: string, bits: string) =>
    `  ${token}${' '.repeat(width - stringWidth(token))}  ${logProbability.padStart(7)}  ${bits.padStart(6)}`
  return [
    dim(row('token', 'ln p', 'bits')),
    ...shown.map((token, i) => row(token, logProbabilities[i]!.toFixed(2), bitsOf(logProbabilities[i]!).toFixed(2))),
  ]
}

function section({ title, tokens, logProbabilities }: TokenScoresExhibit): Markup {
  const language = languageAttribute(tokens.map(({ text }) => text).join(''))
  return markup`<section><h2>${title}</h2><p>Each token is colored by its surprise, -log₂ of its probability after those before it.</p>${scaleBar('0 bits', `${MOST_BITS} bits`)}<pre class="text units" ${language}>${tokens.map(
    ({ text, gap }, i) =>
      markup`${gap}<span class="low" style="--share:${Math.round(100 * shareOf(logProbabilities[i]!))}%" title="${bitsOf(logProbabilities[i]!).toFixed(2)} bits">${text.replaceAll('\n', '⏎\n')}</span>`,
  )}</pre></section>`
}

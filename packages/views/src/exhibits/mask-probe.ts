import type { MaskProbeExhibit, ProbedToken } from '@heddle/inspect'
import stringWidth from 'string-width'
import { exhibitView, type TerminalOptions } from '../exhibit-view.ts'
import { tokenLabel } from '../heads/token-spans.ts'
import { languageAttribute, type Markup, markup, phrase } from '../page/markup.ts'
import { heading, styles } from '../terminal/styles.ts'
import { wrap } from '../terminal/wrap.ts'

/** Tokens in a terminal. */
const SHOWN = 40

/** A text whose tokens are colored by how well a model finds them when they are masked, and the tokens that it would put there. */
export const maskProbeView = exhibitView<MaskProbeExhibit>({
  name: 'mask-probe',
  summary: 'each token of a text as a model finds it when it is masked',
  html: (exhibits) => markup`${exhibits.map(section)}`,
  terminal: (exhibits, options) =>
    exhibits.flatMap((exhibit) => [
      ...heading(`${exhibit.title}: probability of each token when it is masked`, options.colors),
      ...lines(exhibit, options).map((line) => `  ${line}`),
    ]),
})

const percent = (share: number) => `${(100 * share).toFixed(share < 0.0995 ? 1 : 0)} %`

function section({ title, tokens, probed, pseudoLogLikelihood }: MaskProbeExhibit): Markup {
  const byPlace = new Map(probed.map((each) => [each.place, each]))
  const language = languageAttribute(tokens.map(({ text }) => text).join(''))
  return markup`<section><h2>${title}</h2><p>Each token is masked in turn; the stronger its color, the more probable the model finds it there. ${probed.length > 1 && `Pseudo-log-likelihood ${pseudoLogLikelihood.toFixed(1)} nats, ${(-pseudoLogLikelihood / probed.length).toFixed(2)} for a token.`}</p>
<div class="text units" ${language}>${tokens.map(({ text, gap }, t) => {
    const found = byPlace.get(t)
    if (found === undefined) return markup`${gap}<i>${text}</i>`
    return markup`${gap}<span class="low word" style="--share:${Math.round(100 * found.probability)}%" title="${percent(found.probability)}, rank ${found.rank}">${text}</span>`
  })}</div>
<div class="scroll"><table class="numbers"><thead><tr><th>token</th><th>probability</th><th>rank</th><th>most probable in its place</th></tr></thead>${probed.map(
    ({ place, probability, rank, tokens: best, probabilities }) =>
      markup`<tr><td>${phrase(tokenLabel(tokens[place]?.text ?? ''))}</td><td>${percent(probability)}</td><td>${rank}</td><td class="words">${best.map((token, i) => markup`${i > 0 && ', '}${phrase(tokenLabel(token))} <small>${percent(probabilities[i] ?? 0)}</small>`)}</td></tr>`,
  )}</table></div></section>`
}

function lines({ tokens, probed, pseudoLogLikelihood }: MaskProbeExhibit, options: TerminalOptions): string[] {
  const { dim } = styles(options.colors)
  const labelOf = ({ place }: ProbedToken) => tokenLabel(tokens[place]?.text ?? '')
  const shown = probed.slice(0, SHOWN)
  const width = Math.max(5, ...shown.map((each) => stringWidth(labelOf(each))))
  const rows = shown.flatMap((each) => {
    const label = labelOf(each)
    const best = each.tokens.map((token, i) => `${tokenLabel(token)} ${percent(each.probabilities[i] ?? 0)}`)
    const indent = width + 10
    const [first = '', ...others] = wrap(best, Math.max(12, options.columns - indent - 2), '  ')
    const start = `${label}${' '.repeat(width - stringWidth(label))} ${percent(each.probability).padStart(7)}`
    return [`${start}  ${dim(first)}`, ...others.map((line) => `${' '.repeat(indent)}${dim(line)}`)]
  })
  const more = probed.length > SHOWN ? [dim(`… and ${probed.length - SHOWN} tokens more on the page`)] : []
  const sum = probed.length > 1 ? ['', `pseudo-log-likelihood ${pseudoLogLikelihood.toFixed(1)} nats`] : []
  return [...rows, ...more, ...sum]
}

import type { Mistake, MistakesExhibit } from '@heddle/tasks'
import { grayPng } from '../charts/picture-data.ts'
import { exhibitView } from '../exhibit-view.ts'
import { type Content, languageAttribute, type Markup, markup, phrase } from '../page/markup.ts'
import { heading, styles } from '../terminal/styles.ts'

/** Size of the longer side of a picture, in pixels of the page. */
const SIDE = 72
/** Mistakes in a terminal. */
const SHOWN = 5
/** Characters of a text on either side of the labeled part, or at its beginning. */
const AROUND = 160
const AROUND_IN_TERMINAL = 30

/** The wrong predictions with the highest loss. */
export const mistakesView = exhibitView<MistakesExhibit>({
  name: 'mistakes',
  summary: 'the wrong predictions with the highest loss',
  html: (exhibits) => markup`${exhibits.map(table)}`,
  terminal: (exhibits, { colors }) =>
    exhibits.flatMap(({ title, mistakes }) => [
      ...heading(title, colors),
      ...mistakes.slice(0, SHOWN).flatMap((mistake) => lines(mistake, colors)),
    ]),
})

function table({ title, mistakes }: MistakesExhibit): Markup {
  return markup`<section><h2>${title}</h2><p>Unseen examples whose right label the model found least probable.</p><table class="stacked mistakes">
<thead><tr><th>example</th><th>expected</th><th>predicted</th><th>loss</th></tr></thead>
${mistakes.map((mistake) => {
  const { expected, predicted, score, expectedScore } = mistake
  return markup`<tr><td data-label="example">${shown(mistake)}</td><td data-label="expected">${phrase(expected)} <small>${unbroken(percent(expectedScore))}</small></td><td data-label="predicted"><span class="no">${phrase(predicted)}</span> <small>${unbroken(percent(score))}</small></td><td data-label="loss">${lossOf(expectedScore)}</td></tr>`
})}</table></section>`
}

function shown(mistake: Mistake): Content {
  const { picture } = mistake
  if (picture !== undefined) {
    const { width, height, pixels } = picture
    const scale = Math.max(1, Math.round(SIDE / Math.max(width, height)))
    return markup`<img alt="${mistake.expected}" width="${width * scale}" height="${height * scale}" src="${grayPng(pixels, width, height)}">`
  }
  const [before, part, after] = excerpt(mistake, AROUND)
  if (part === '') return phrase(before)
  return markup`<span ${languageAttribute(before + part + after)}>${before}<mark class="extra">${part}</mark>${after}</span>`
}

/** The text before the labeled part, the part, and the text after it, without what is far away. */
function excerpt({ text = '', part }: Mistake, around: number): [string, string, string] {
  if (part === undefined) return [text.length > 2 * around ? `${text.slice(0, 2 * around)}…` : text, '', '']
  const [begin, end] = part
  const [from, to] = [Math.max(0, begin - around), Math.min(text.length, end + around)]
  return [
    `${from > 0 ? '…' : ''}${text.slice(from, begin)}`,
    text.slice(begin, end),
    `${text.slice(end, to)}${to < text.length ? '…' : ''}`,
  ]
}

function lines(mistake: Mistake, colors: boolean): string[] {
  const { dim, red, underline } = styles(colors)
  const [before, part, after] = excerpt(mistake, AROUND_IN_TERMINAL)
  const marked = part === '' ? '' : colors ? underline(part) : `[${part}]`
  const text = mistake.text === undefined ? '(picture)' : `${before}${marked}${after}`
  const { expected, predicted, score, expectedScore } = mistake
  return [
    `  ${text.replaceAll(/\s+/g, ' ')}`,
    `  ${red('≠')} ${predicted} ${percent(score)}  ${dim(`(expected: ${expected}, ${percent(expectedScore)})`)}`,
  ]
}

/** A text whose spaces do not end a line. */
const unbroken = (text: string) => text.replaceAll(' ', '\u00a0')

const percent = (share: number) => `${(100 * share).toFixed(share < 0.001 ? 3 : 1)} %`
const lossOf = (probability: number) => (probability > 0 ? (-Math.log(probability)).toFixed(2) : '∞')

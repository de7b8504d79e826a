import type { LabeledTextExhibit, LabeledWord } from '@heddle/tasks'
import { exhibitView } from '../exhibit-view.ts'
import { labelMarkup } from '../page/label-markup.ts'
import { type Markup, markup, phrase } from '../page/markup.ts'
import { heading, styles } from '../terminal/styles.ts'

/** Texts in a terminal. */
const SHOWN = 6

/** Texts whose words stand above their labels. A wrong label is struck out before the right one. */
export const labeledTextView = exhibitView<LabeledTextExhibit>({
  name: 'labeled-text',
  summary: 'texts with a label on every word',
  html: (exhibits) => markup`${exhibits.map(section)}`,
  terminal: (exhibits, { colors }) =>
    exhibits.flatMap(({ title, texts }) => [
      ...heading(title, colors),
      ...texts.slice(0, SHOWN).map((words) => `  ${words.map((word) => labeled(word, colors)).join(' ')}`),
    ]),
})

function section({ title, texts }: LabeledTextExhibit): Markup {
  return markup`<section><h2>${title}</h2>${texts.map(
    (words) =>
      markup`<p class="labeled">${words.map((word) => markup`<span><b>${phrase(word.text)}</b><small>${labelMarkup(word)}</small></span>`)}</p>`,
  )}</section>`
}

function labeled({ text, label, expected }: LabeledWord, colors: boolean): string {
  const { dim, red } = styles(colors)
  const wrong = expected !== undefined && expected !== label
  return `${text}${wrong ? red(`/${label}`) + dim(`(${expected})`) : dim(`/${label}`)}`
}

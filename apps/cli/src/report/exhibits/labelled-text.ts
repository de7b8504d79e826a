import type { LabelledTextExhibit } from '@heddle/recipes'
import { type Markup, markup } from '../markup.ts'

/** Texts whose pieces stand above their labels; a wrong label is struck out before the right one. */
export function labelledTexts({ title, texts }: LabelledTextExhibit): Markup {
  return markup`<section><h2>${title}</h2>${texts.map(
    (pieces) =>
      markup`<p class="labelled">${pieces.map(({ text, label, expected }) => {
        const wrong = expected !== undefined && expected !== label
        return markup`<span><b>${text}</b><small>${wrong ? markup`<s class="no">${label}</s> ${expected}` : label}</small></span>`
      })}</p>`,
  )}</section>`
}

import type { TextToken } from '@heddle/tasks'
import { languageAttribute, type Markup, markup } from '../page/markup.ts'

/** A text with an element for each token, which scripts can color. */
export function tokenSpans(tokens: readonly TextToken[], role: string, label: string): Markup {
  const isCharacters = tokens.every(({ text, gap }) => gap === '' && [...text].length <= 1)
  const language = languageAttribute(tokens.map(({ text }) => text).join(''))
  return markup`<div class="text units tokens" ${language} data-role="${role}" role="listbox" aria-label="${label}">${tokens.map(
    ({ text, gap }) =>
      markup`${gap}<span${!isCharacters && markup` class="word"`}>${text.replaceAll('\n', '⏎\n')}</span>`,
  )}</div>`
}

/** A token in a line of its own: spaces and line breaks are made visible. */
export const tokenLabel = (text: string): string =>
  /^\s+$/u.test(text)
    ? text.replaceAll(' ', '␣').replaceAll('\n', '⏎').replaceAll('\t', '→')
    : text.replaceAll('\n', '⏎')

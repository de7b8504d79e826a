import { type Content, markup, phrase } from './markup.ts'

/** A predicted label; a wrong one is struck out before the right one. */
export function labelMarkup({ label, expected }: { readonly label: string; readonly expected?: string }): Content {
  const wrong = expected !== undefined && expected !== label
  return wrong ? markup`<s class="no">${phrase(label)}</s> ${phrase(expected)}` : phrase(label)
}

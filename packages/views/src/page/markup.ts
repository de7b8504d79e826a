import { languageOf } from '../text/language-of.ts'
import { visibleText } from '../text/visible-text.ts'

/** HTML or SVG that is safe to put into a page. */
export class Markup {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

export type Content = Markup | string | number | undefined | false | readonly Content[]

/**
 * Writes markup. Values are escaped, with their control characters made visible, unless they are markup themselves; lists are
 * joined; undefined and false are left out.
 */
export function markup(strings: TemplateStringsArray, ...contents: Content[]): Markup {
  return new Markup(
    strings.reduce((text, string, i) => text + string + (i < contents.length ? render(contents[i]) : ''), ''),
  )
}

/** A script of the page's own. */
export const script = (source: string): Markup => new Markup(`<script>${source}</script>`)

/** Text in an element with its language, where its letters tell. */
export function phrase(text: string): Content {
  const language = languageAttribute(text)
  return language === undefined ? text : markup`<span ${language}>${text}</span>`
}

/** The attribute `lang` of an element with this text, where its letters tell. */
export function languageAttribute(text: string): Markup | undefined {
  const language = languageOf(text)
  return language === undefined ? undefined : markup`lang="${language}"`
}

function render(content: Content): string {
  if (content === undefined || content === false) return ''
  if (content instanceof Markup) return content.text
  if (typeof content === 'object') return content.map(render).join('')
  return escapeText(visibleText(String(content)))
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escapeText = (text: string) => text.replace(/[&<>"']/g, (character) => ESCAPES[character]!)

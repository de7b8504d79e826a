/** HTML or SVG that is safe to put into a page. */
export class Markup {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

type Content = Markup | string | number | undefined | false | readonly Content[]

/** Writes markup: whatever is put in is escaped, unless it is markup itself; lists are joined, undefined and false left out. */
export function markup(strings: TemplateStringsArray, ...contents: Content[]): Markup {
  return new Markup(
    strings.reduce((text, string, i) => text + string + (i < contents.length ? render(contents[i]) : ''), ''),
  )
}

function render(content: Content): string {
  if (content === undefined || content === false) return ''
  if (content instanceof Markup) return content.text
  if (typeof content === 'object') return content.map(render).join('')
  return escapeText(String(content))
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escapeText = (text: string) => text.replace(/[&<>"']/g, (character) => ESCAPES[character]!)

import { type Tokenizer, tokenSpans } from '@heddle/tokenizer'
import { visibleText } from '@heddle/views'
import pc from 'picocolors'

const SEPARATOR = '│'

/**
 * A text with the borders of its tokens: alternating backgrounds where there are colors, red for unknown tokens; otherwise a bar
 * between tokens. Text outside of tokens, such as white space, stays plain.
 */
export function drawTokenBorders(tokenizer: Tokenizer, text: string, colors: boolean, unkId?: number): string {
  const spans = tokenSpans(tokenizer, text)
  if (!colors) return spans.map((span) => visible(span.text)).join(SEPARATOR)
  const { black, white, bgCyan, bgYellow, bgGreen, bgMagenta, bgRed } = pc.createColors(true)
  const backgrounds = [bgCyan, bgYellow, bgGreen, bgMagenta]
  let drawn = 0
  return spans
    .map(({ text: part, tokens }) => {
      const shown = visible(part)
      if (tokens.length === 0) return shown
      if (tokens.some(({ id }) => id === unkId)) return bgRed(white(shown))
      return backgrounds[drawn++ % backgrounds.length]!(black(shown))
    })
    .join('')
}

/** Control characters as marks, line breaks and tabs too, so that a text stays on its line. */
export const visible = (text: string): string => visibleText(text).replaceAll('\n', '␊').replaceAll('\t', '␉')

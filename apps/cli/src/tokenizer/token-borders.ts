import { type Tokenizer, tokenSpans } from '@heddle/tokenizer'
import pc from 'picocolors'

const SEPARATOR = '│'

/**
 * A text with the borders of its tokens: backgrounds in turn where there are colours, red for unknown tokens; a bar between the tokens
 * where there are none. Text that no token stands for, as white space, is left plain.
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

/** Control characters as pictures: they must not move the cursor or change the terminal. */
export const visible = (text: string): string =>
  text.replace(/\p{Cc}/gu, (control) => {
    const code = control.charCodeAt(0)
    if (code < 0x20) return String.fromCharCode(0x2400 + code)
    return code === 0x7f ? '\u2421' : `\\x${code.toString(16)}`
  })

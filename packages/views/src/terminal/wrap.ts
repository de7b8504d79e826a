import stringWidth from 'string-width'

/** Words in as many lines as they need; a word that is wider than a line stands alone. */
export function wrap(words: readonly string[], columns: number, separator = ' '): string[] {
  const lines: string[] = []
  for (const word of words) {
    const longer = lines.length === 0 ? undefined : `${lines.at(-1)}${separator}${word}`
    if (longer !== undefined && stringWidth(longer) <= columns) lines[lines.length - 1] = longer
    else lines.push(word)
  }
  return lines
}

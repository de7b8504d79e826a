const REPLACEMENTS: readonly (readonly [string, string])[] = [
  [' .', '.'],
  [' ?', '?'],
  [' !', '!'],
  [' ,', ','],
  [" ' ", "'"],
  [" n't", "n't"],
  [" 'm", "'m"],
  [' do not', " don't"],
  [" 's", "'s"],
  [" 've", "'ve"],
  [" 're", "'re"],
]

/** Removes the spaces that tokenization leaves before English punctuation and contractions. */
export function cleanUp(text: string): string {
  let result = text
  for (const [from, to] of REPLACEMENTS) result = result.replaceAll(from, to)
  return result
}

/** The same for a whole text as Python's `clean_up_tokenization` does it: without the contraction of `do not`. */
export function cleanUpSpaces(text: string): string {
  let result = text
  for (const [from, to] of REPLACEMENTS) if (from !== ' do not') result = result.replaceAll(from, to)
  return result
}

/** Decides whether a row is complete with these tokens (without the prompt). */
export type StopCondition = (ids: readonly number[]) => boolean

/**
 * Stops when the decoded text holds one of `strings`. Like transformers' `stop_strings` the text may go past the string, where
 * a token does: {@link cutAtStop} removes it and what follows.
 *
 * @param decode the tokenizer's
 */
export function stopAtStrings(strings: readonly string[], decode: (ids: readonly number[]) => string): StopCondition {
  return (ids) => {
    const text = decode(ids)
    return strings.some((string) => text.includes(string))
  }
}

/** Returns the text before the first of `strings`. */
export function cutAtStop(text: string, strings: readonly string[]): string {
  const at = strings.map((string) => text.indexOf(string)).filter((index) => index >= 0)
  return at.length === 0 ? text : text.slice(0, Math.min(...at))
}

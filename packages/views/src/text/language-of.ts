/** Scripts that one language writes; Han alone may be Chinese or Japanese. */
const LANGUAGES = [
  ['ko', /\p{Script=Hangul}/u],
  ['ja', /[\p{Script=Hiragana}\p{Script=Katakana}]/u],
] as const

/** Language of a text by its letters, for fonts and line breaks; undefined for most. */
export function languageOf(text: string): string | undefined {
  return LANGUAGES.find(([, letters]) => letters.test(text))?.[0]
}

/** A name as names are compared: any case, with composed letters (files of macOS hold Hangul and accents in parts), without space around it. */
export const comparable = (name: string): string => name.normalize('NFC').trim().toLowerCase()

/** The place of the first of these names that is the same as `wanted` to the letter, or else but for case and composition; -1 where there is none. */
export function placeOfName(names: readonly string[], wanted: string): number {
  const exact = names.indexOf(wanted)
  return exact !== -1 ? exact : names.findIndex((name) => comparable(name) === comparable(wanted))
}

/** Something that a check of data found. */
export interface Finding {
  /** Name of the check. */
  readonly check: string
  /** Whether it is likely to spoil training or its judgment. */
  readonly isWarning: boolean
  readonly message: string
  /** Some of the examples, as they stand in the data. */
  readonly shown?: readonly string[]
}

const SHOWN = 3
const MOST_CHARACTERS = 60

export const passed = (check: string, message: string): Finding => ({ check, isWarning: false, message })

export const warning = (check: string, message: string, shown: Iterable<string> = []): Finding => ({
  ...passed(check, message),
  isWarning: true,
  ...shownOf(shown),
})

/** A few of many do no harm; they are named without a warning. */
export const warningIf = (isMany: boolean, check: string, message: string, shown: Iterable<string>): Finding =>
  isMany ? warning(check, message, shown) : { ...passed(check, message), ...shownOf(shown) }

function shownOf(texts: Iterable<string>): Pick<Finding, 'shown'> {
  const shown = [...new Set(texts)].slice(0, SHOWN).map(shortened)
  return shown.length > 0 ? { shown } : {}
}

/** The beginning of a text, on one line. */
function shortened(text: string): string {
  const line = text.slice(0, 4 * MOST_CHARACTERS).replace(/\s+/gu, ' ')
  const characters = [...line]
  return characters.length <= MOST_CHARACTERS ? line : `${characters.slice(0, MOST_CHARACTERS - 1).join('')}…`
}

/** `1,203 of 150,000 (0.8 %)` */
export function share(count: number, of: number): string {
  const percent = (100 * count) / of
  const digits = percent >= 10 || percent === 0 ? 0 : percent >= 0.1 ? 1 : 3
  return `${formatted(count)} of ${formatted(of)} (${percent.toFixed(digits)} %)`
}

export const formatted = (count: number): string => count.toLocaleString('en')

/** `1 label has`, `2 labels have` */
export const counted = (count: number, one: string, many: string): string =>
  `${formatted(count)} ${count === 1 ? one : many}`

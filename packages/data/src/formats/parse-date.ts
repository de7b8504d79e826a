const DATE =
  /^(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?(?:(?:T| +)(\d{1,2})(?::(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?)?(?: ?(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?))?$/i

/**
 * Reads a date that starts with its year, with or without a time of day: `2022-1-5`, `2022/01/05 0:00`, `2022-01-05T00:00:00+09:00`.
 * A date without a zone is in UTC, so it means the same on every machine.
 *
 * @returns milliseconds since 1970, or undefined when the text is not such a date. A year alone is a number, not a date.
 * @see https://www.rfc-editor.org/rfc/rfc3339
 */
export function parseDate(text: string): number | undefined {
  const match = DATE.exec(text.trim())
  if (match === null) return undefined
  const [, year, month, day = '1', hour = '0', minute = '0', second = '0', fraction = '0', zone = 'Z'] = match
  const [y, m, d, h] = [Number(year), Number(month), Number(day), Number(hour)]
  if (m < 1 || m > 12 || d < 1 || d > daysIn(y, m) || h > 24 || Number(minute) > 59 || Number(second) > 60) {
    return undefined
  }
  const date = new Date(0)
  // Date.UTC takes years below 100 for years of the 20th century.
  date.setUTCFullYear(y, m - 1, d)
  date.setUTCHours(h, Number(minute), Number(second), Math.floor(Number(`0.${fraction}`) * 1000))
  return date.getTime() - zoneOffset(zone)
}

const daysIn = (year: number, month: number) => {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return [4, 6, 9, 11].includes(month) ? 30 : 31
}

/** Milliseconds by which a zone is ahead of UTC. */
function zoneOffset(zone: string): number {
  if (!/^[+-]/.test(zone)) return 0
  const digits = zone.slice(1).replace(':', '')
  const minutes = 60 * Number(digits.slice(0, 2)) + Number(digits.slice(2) || '0')
  return (zone[0] === '-' ? -1 : 1) * minutes * 60_000
}

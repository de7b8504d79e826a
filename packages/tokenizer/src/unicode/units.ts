/** Writes the UTF-16 units of a text from `start` to `end` to `units`, which has room for them, and returns their number. */
export function writeUnits(text: string, start: number, end: number, units: Uint16Array): number {
  for (let i = start; i < end; i++) units[i - start] = text.charCodeAt(i)
  return end - start
}

/** The units of a text. */
export function unitsOf(text: string): Uint16Array {
  const units = new Uint16Array(text.length)
  writeUnits(text, 0, text.length, units)
  return units
}

const CHUNK = 4096

/** The text of units from `start` to `end`. */
export function textOf(units: Uint16Array, start: number, end: number): string {
  let text = ''
  for (let i = start; i < end; i += CHUNK)
    text += String.fromCharCode.apply(null, units.subarray(i, Math.min(i + CHUNK, end)) as unknown as number[])
  return text
}

import { Encoding } from './encoding.ts'

/**
 * Concatenates encodings. Overflowing parts are combined too: each part of one with the other encoding and with each of its parts.
 */
export function joinEncodings(encodings: readonly Encoding[]): Encoding {
  return encodings.length === 1 ? encodings[0]! : encodings.reduce(joinTwo, new Encoding([]))
}

function joinTwo(first: Encoding, second: Encoding): Encoding {
  const overflowing: Encoding[] = []
  for (const cut of first.overflowing) {
    overflowing.push(joinTwo(cut, second))
    for (const other of second.overflowing) overflowing.push(joinTwo(cut, other))
  }
  for (const other of second.overflowing) overflowing.push(joinTwo(first, other))
  return new Encoding([...first.runs, ...second.runs], overflowing)
}

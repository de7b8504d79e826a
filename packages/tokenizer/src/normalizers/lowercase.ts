import * as schema from '../config/schema.ts'
import { type Normalizer, normalizerPoint } from '../pipeline/points.ts'
import type { AlignedText } from '../text/aligned-text.ts'
import { isAssigned } from '../unicode/assigned.ts'
import { codePointAt, unitsAt } from '../unicode/code-point.ts'

/** Lower case, character by character: a capital sigma becomes σ also at the end of a word. */
export class Lowercase implements Normalizer {
  normalize(text: AlignedText): AlignedText {
    const input = text.text
    const output = lowercase(input)
    return output === input ? text : text.derive(output, () => lowercaseSources(input, output))
  }

  mapUnit(unit: number): number {
    const isSurrogate = (unit & 0xf800) === 0xd800
    const lower = lowercase(String.fromCharCode(unit))
    return isSurrogate || lower.length > 1 ? -1 : lower.charCodeAt(0)
  }

  toJSON() {
    return { type: 'Lowercase' }
  }
}

// Letters with a case that newer versions of Unicode add lie here.
const MAY_BE_LATER = /[\ua7cb-\ua7ff\u{10d40}-\u{1ffff}]/u

/** Lower case without regard to a character's neighbors. */
export function lowercase(text: string): string {
  if (MAY_BE_LATER.test(text)) {
    return Array.from(text, (character) =>
      isAssigned(codePointAt(character, 0)) ? lowercaseAssigned(character) : character,
    ).join('')
  }
  return lowercaseAssigned(text)
}

function lowercaseAssigned(text: string): string {
  return (text.includes('\u03a3') ? text.replaceAll('\u03a3', '\u03c3') : text).toLowerCase()
}

function lowercaseSources(input: string, output: string): Int32Array {
  const sources = new Int32Array(output.length)
  let at = 0
  for (let i = 0; i < input.length; ) {
    const size = unitsAt(input, i)
    const end = at + lowercase(input.slice(i, i + size)).length
    sources.fill(i, at, end)
    at = end
    i += size
  }
  return sources
}

export const lowercasing = normalizerPoint.of({
  name: 'Lowercase',
  summary: 'lower case',
  config: schema.strictObject({}),
  create: () => new Lowercase(),
})

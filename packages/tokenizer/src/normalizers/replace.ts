import * as schema from '../config/schema.ts'
import { Pattern, type PatternInput, patternJson } from '../expressions/pattern.ts'
import { type Normalizer, normalizerPoint } from '../pipeline/points.ts'
import type { AlignedText } from '../text/aligned-text.ts'

/** Replaces the matches of a pattern by a string. */
export class Replace implements Normalizer {
  readonly #pattern: Pattern
  readonly #content: string

  constructor(pattern: PatternInput | Pattern, content: string) {
    this.#pattern = pattern instanceof Pattern ? pattern : new Pattern(pattern)
    this.#content = content
  }

  normalize(text: AlignedText): AlignedText {
    const input = text.text
    const matches = this.#pattern.matches(input)
    if (matches.length === 0) return text
    const content = this.#content
    let output = ''
    let at = 0
    for (let i = 0; i < matches.length; i += 2) {
      output += input.slice(at, matches[i]) + content
      at = matches[i + 1]!
    }
    output += input.slice(at)
    return text.derive(output, () => replaceSources(input.length, matches, content.length, output.length))
  }

  toJSON() {
    return { type: 'Replace', pattern: this.#pattern.toJSON(), content: this.#content }
  }
}

// The replacement takes the offset of the last character that it replaces, as in the Rust library.
function replaceSources(
  inputLength: number,
  matches: readonly number[],
  contentLength: number,
  outputLength: number,
): Int32Array {
  const sources = new Int32Array(outputLength)
  let at = 0
  let from = 0
  for (let i = 0; i < matches.length; i += 2) {
    while (from < matches[i]!) sources[at++] = from++
    from = matches[i + 1]!
    sources.fill(from - 1, at, at + contentLength)
    at += contentLength
  }
  while (from < inputLength) sources[at++] = from++
  return sources
}

export const replace = normalizerPoint.of({
  name: 'Replace',
  summary: 'replaces the matches of a pattern',
  config: schema.strictObject({ pattern: patternJson, content: schema.string() }),
  create: ({ pattern, content }) => new Replace(Pattern.fromJSON(pattern), content),
})

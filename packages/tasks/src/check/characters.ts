import type { Dataset } from '../run/dataset.ts'
import type { ExampleFacts } from './facts.ts'
import { type Finding, passed, share, warningIf } from './finding.ts'

/** A text counts under the first one that it has. */
interface Flaw {
  readonly name: string
  readonly pattern: RegExp
  readonly message: string
}

/** Share of texts with a flaw from which on it is worth a warning. */
const MANY = 0.001

/** Nearly all texts have none of these, and are passed over with one look. */
const SUSPICIOUS = /[^\t\n\r -%'-~가-힣\u3131-\u318e]|&(?:[a-z]{2,6}|#\d+);/u

const FLAWS: readonly Flaw[] = [
  {
    name: 'replaced',
    pattern: /\ufffd/u,
    message: 'hold the replacement character �: they were decoded with the wrong encoding before',
  },
  {
    name: 'twice decoded',
    // UTF-8 of accented Latin letters, punctuation and Hangul that was read as Latin-1 or Windows-1252.
    pattern:
      /Ã[\u0080-\u00bf]|Â[\u00a0-\u00bf]|â€|[ìíêë][\u0080-\u00bf\u0152-\u0178\u2013-\u203a€][\u0080-\u00bf\u0152-\u0178\u2013-\u203a€]/u,
    message: 'look like UTF-8 that was read as Latin-1 (Ã©, â€™, ì•ˆ). Read the original file as UTF-8.',
  },
  {
    name: 'control',
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are looked for
    pattern: /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/u,
    message: 'hold control characters',
  },
  {
    name: 'invisible',
    pattern: /[\u00ad\u200b\u2060\ufeff]/u,
    message: 'hold invisible characters (zero-width space, soft hyphen, byte order mark)',
  },
  {
    name: 'decomposed',
    pattern: /[\u1100-\u1112][\u1161-\u1175]|[a-z][\u0300-\u036f]/iu,
    message: 'are decomposed (NFD), so that the same letter has two spellings. Normalize them to NFC.',
  },
  {
    name: 'entities',
    pattern: /&(?:amp|lt|gt|quot|nbsp|apos|#\d+);/u,
    message: 'hold HTML entities such as &amp;',
  },
]

/** Finds empty texts, and signs of a wrong character encoding. */
export function checkCharacters(facts: Dataset<ExampleFacts>): Finding[] {
  const found = new Map<Flaw, string[]>()
  const empty: string[] = []
  let total = 0
  for (const { input, texts = [], answer } of [...facts.train, ...facts.validation, ...facts.test]) {
    for (const text of texts) {
      total++
      if (text.trim() === '') empty.push(typeof answer === 'string' && answer !== '' ? answer : input)
      else if (SUSPICIOUS.test(text)) {
        const flaw = FLAWS.find(({ pattern }) => pattern.test(text))
        if (flaw === undefined) continue
        const texts = found.get(flaw)
        if (texts === undefined) found.set(flaw, [text])
        else texts.push(text)
      }
    }
  }
  if (total === 0) return []
  return [
    ...(empty.length > 0
      ? [warningIf(empty.length > MANY * total, 'empty', `${share(empty.length, total)} texts are empty`, empty)]
      : []),
    ...(found.size === 0 ? [passed('encoding', 'no sign of a wrong character encoding')] : []),
    ...[...found].map(([{ name, message }, texts]) =>
      warningIf(
        texts.length > MANY * total,
        `encoding: ${name}`,
        `${share(texts.length, total)} texts ${message}`,
        texts,
      ),
    ),
  ]
}

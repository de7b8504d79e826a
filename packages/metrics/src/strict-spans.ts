import { HeddleError, show } from '@heddle/core'
import type { Span } from './span-f1.ts'

/** Ways to tag spans: `B-type I-type …`, or with marks for the end and for single tokens: `B-type … E-type`, `S-type`. */
export type TagScheme = 'iob2' | 'iobes'

/**
 * Returns the spans whose tags follow their scheme from start to end, as seqeval's strict mode. In IOB2 a span starts with `B`; in
 * IOBES it is one `S`, or starts with `B` and ends with `E`.
 *
 * @throws HeddleError `data` for a tag that the scheme does not have
 * @see https://github.com/chakki-works/seqeval
 */
export function strictSpansOf(tags: readonly string[], scheme: TagScheme): Span[] {
  const parts = tags.map((tag, i) => partsOf(tag, i, scheme))
  const spans: Span[] = []
  for (let start = 0; start < parts.length; ) {
    const { prefix, type } = parts[start]!
    let end = start + 1
    if (prefix === 'B') {
      while (end < parts.length && parts[end - 1]!.prefix !== 'E' && goesOn(parts[end]!, type)) end++
    }
    const isWhole =
      scheme === 'iob2' ? prefix === 'B' : prefix === 'S' || (prefix === 'B' && parts[end - 1]!.prefix === 'E')
    if (isWhole) spans.push({ type, start, end })
    start = end
  }
  return spans
}

interface TagParts {
  readonly prefix: string
  readonly type: string
}

const goesOn = ({ prefix, type }: TagParts, open: string) => type === open && (prefix === 'I' || prefix === 'E')

function partsOf(tag: string, i: number, scheme: TagScheme): TagParts {
  const match = (scheme === 'iob2' ? /^([BIO])(?:-(.*))?$/s : /^([BIOES])(?:-(.*))?$/s).exec(tag)
  if (match !== null) return { prefix: match[1]!, type: match[2] ?? '' }
  throw new HeddleError(
    'data',
    `strictSpansOf: expected a tag of ${scheme.toUpperCase()}, got ${show(tag)} at ${i}. Convert the tags.`,
  )
}

/** Ways to tag spans: with `B` between neighbors of one type alone, at each start, or also with marks of the end. */
export type SpanScheme = 'iob1' | 'iob2' | 'iobes'

const TAG = /^(?:O|([BIES])-(.+))$/s

export const isSpanTag = (tag: string): boolean => partsOf(tag).isSpan

/** Tells of many tags whether they are those of spans: at least nine in ten are, and one of them is in a span. */
export class SpanTagCount {
  #total = 0
  #ofSpans = 0
  #inside = 0

  add(tag: string): void {
    const { isSpan, prefix } = partsOf(tag)
    this.#total++
    if (!isSpan) return
    this.#ofSpans++
    if (prefix !== 'O') this.#inside++
  }

  get areOfSpans(): boolean {
    return this.#ofSpans >= 0.9 * this.#total && this.#inside > 0
  }
}

/**
 * Recognizes the scheme of sentences. IOB1 shows in spans that begin with `I`, as long as no `B` stands elsewhere than after a span
 * of its type; IOB2 with mistakes has both.
 *
 * @returns undefined for tags of another kind, such as parts of speech
 */
export function spanSchemeOf(sentences: readonly (readonly string[])[]): SpanScheme | undefined {
  const count = new SpanTagCount()
  for (const tags of sentences) for (const tag of tags) count.add(tag)
  if (!count.areOfSpans) return undefined
  let [hasEnd, beginsWithI, beginsWithB] = [false, false, false]
  for (const tags of sentences) {
    for (let i = 0; i < tags.length; i++) {
      const { prefix, type } = partsOf(tags[i]!)
      if (prefix === 'O') continue
      const isAfterType = i > 0 && partsOf(tags[i - 1]!).type === type
      if (prefix === 'E' || prefix === 'S') hasEnd = true
      if (prefix === 'I' && !isAfterType) beginsWithI = true
      if (prefix === 'B' && !isAfterType) beginsWithB = true
    }
  }
  if (hasEnd) return 'iobes'
  return beginsWithI && !beginsWithB ? 'iob1' : 'iob2'
}

/** The tags of a sentence in another scheme. A tag that continues nothing begins a span, as conlleval reads it. */
export function convertSpanTags(tags: readonly string[], to: 'iob2' | 'iobes'): string[] {
  const converted = new Array<string>(tags.length).fill('O')
  for (let start = 0; start < tags.length; ) {
    const { prefix, type } = partsOf(tags[start]!)
    let end = start + 1
    if (prefix !== 'O') {
      while (end < tags.length && partsOf(tags[end - 1]!).closes === false && continues(tags[end]!, type)) end++
      for (let i = start; i < end; i++) converted[i] = `${markOf(i, start, end, to)}-${type}`
    }
    start = end
  }
  return converted
}

/** Number of tags `I-type` and `E-type` that continue no span of their type. */
export function countStrayTags(tags: readonly string[]): number {
  return tags.filter((tag, i) => {
    const { prefix, type } = partsOf(tag)
    if (prefix !== 'I' && prefix !== 'E') return false
    const before = partsOf(tags[i - 1] ?? 'O')
    return before.type !== type || before.closes
  }).length
}

interface TagParts {
  readonly isSpan: boolean
  readonly prefix: string
  readonly type: string | undefined
  readonly closes: boolean
}

/** Parts of tags that occurred: a corpus has a few of them, hundreds of thousands of times. */
const known = new Map<string, TagParts>()
const MOST_KNOWN = 10_000

function partsOf(tag: string): TagParts {
  let parts = known.get(tag)
  if (parts === undefined) {
    const match = TAG.exec(tag)
    const [, prefix = 'O', type] = match ?? []
    parts = { isSpan: match !== null, prefix, type, closes: prefix === 'E' || prefix === 'S' }
    if (known.size >= MOST_KNOWN) known.clear()
    known.set(tag, parts)
  }
  return parts
}

function continues(tag: string, type: string | undefined): boolean {
  const { prefix, type: own } = partsOf(tag)
  return own === type && (prefix === 'I' || prefix === 'E')
}

function markOf(i: number, start: number, end: number, to: 'iob2' | 'iobes'): string {
  if (to === 'iobes' && end - start === 1) return 'S'
  if (i === start) return 'B'
  return to === 'iobes' && i === end - 1 ? 'E' : 'I'
}

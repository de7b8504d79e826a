/** Something to be written, with what must be written for it. */
export interface WritingExample<S> {
  readonly source: S
  readonly target: string
}

/**
 * The share of predictions that equal their target, spacing aside. A source that stands among the examples with several targets
 * is right with any of them.
 */
export function exactMatch<S>(predictions: readonly string[], examples: readonly WritingExample<S>[]): number {
  if (examples.length === 0) return 0
  const targets = new Map<S, Set<string>>()
  for (const { source, target } of examples) {
    targets.set(source, (targets.get(source) ?? new Set()).add(normalised(target)))
  }
  const right = examples.filter(({ source }, i) => targets.get(source)!.has(normalised(predictions[i]!)))
  return right.length / examples.length
}

/** One spelling for what looks the same. */
const normalised = (text: string): string => text.normalize('NFC').replace(/\s+/gu, ' ').trim()

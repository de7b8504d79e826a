import type { PartSpec } from '@heddle/core'
import type { DecodeLabels } from './predict-labels.ts'

// C labels

const SPAN_LABEL = /^([BIES])-(.+)$/s

/** Whether labels tag spans: `O`, `B-type`, `I-type`, and in IOBES `E-type` and `S-type`. */
export const tagSpans = (labels: readonly string[]): boolean =>
  labels.some((label) => SPAN_LABEL.test(label)) && labels.every((label) => label === 'O' || SPAN_LABEL.test(label))

/** Metrics of labels that tag spans: the settings' own below those of spans. */
export function spanMetrics(labels: readonly string[], metrics: readonly PartSpec[]): readonly PartSpec[] {
  if (!tagSpans(labels) || metrics.some(({ type }) => type === 'spanF1')) return metrics
  return [{ type: 'spanF1' }, { type: 'spanF1', mode: 'strict' }, ...metrics]
}

/**
 * Finds the most probable sequence of labels among those that tag spans rightly, by Viterbi's algorithm: `I-type` and `E-type` only
 * go on with a span of their type, and in IOBES a span that was begun is ended. The model's probabilities of different steps count as
 * independent.
 *
 * A type without a label to begin with, as in IOB1, may begin with `I-type`.
 *
 * @returns undefined for labels that do not tag spans
 * @see Viterbi 1967, "Error bounds for convolutional codes and an asymptotically optimum decoding algorithm"
 */
export function validSpans(labels: readonly string[]): DecodeLabels | undefined {
  if (!tagSpans(labels)) return undefined
  const tags = labels.map(tagOf)
  const isClosed = tags.some(({ prefix }) => prefix === 'E' || prefix === 'S')
  const begins = new Set(tags.flatMap(({ prefix, type }) => (prefix === 'B' || prefix === 'S' ? [type] : [])))
  const isOpen = ({ prefix }: Tag) => isClosed && (prefix === 'B' || prefix === 'I')
  const mayFollow = (before: Tag, { prefix, type }: Tag) => {
    const continues = (before.prefix === 'B' || before.prefix === 'I') && before.type === type
    if (prefix === 'I' || prefix === 'E') return continues || (!begins.has(type) && !isOpen(before))
    return !isOpen(before)
  }
  const outside: Tag = { prefix: 'O', type: '' }
  const first = tags.map((tag) => mayFollow(outside, tag))
  const last = tags.map((tag) => !isOpen(tag))
  const previous = tags.map((tag) => tags.flatMap((before, id) => (mayFollow(before, tag) ? [id] : [])))
  return (probabilities) => bestPath(probabilities, { first, last, previous })
}

interface Tag {
  readonly prefix: string
  readonly type: string
}

function tagOf(label: string): Tag {
  const [, prefix = 'O', type = ''] = SPAN_LABEL.exec(label) ?? []
  return { prefix, type }
}

interface Transitions {
  /** Whether each label may come first, and last. */
  readonly first: readonly boolean[]
  readonly last: readonly boolean[]
  /** Labels that each label may follow. */
  readonly previous: readonly (readonly number[])[]
}

/** Smallest probability that counts, so that a label of none does not make all sequences equal. */
const LEAST = 1e-30

function bestPath(probabilities: readonly Float32Array[], { first, last, previous }: Transitions): number[] {
  if (probabilities.length === 0) return []
  const log = (p: number) => Math.log(Math.max(p, LEAST))
  let scores = Array.from(probabilities[0]!, (p, id) => (first[id] ? log(p) : Number.NEGATIVE_INFINITY))
  const from: number[][] = []
  for (const row of probabilities.slice(1)) {
    const best = previous.map((ids) => argMax(ids, scores))
    from.push(best)
    const before = scores
    scores = best.map((id, label) => (id < 0 ? Number.NEGATIVE_INFINITY : before[id]! + log(row[label]!)))
  }
  const ends = scores.map((_, id) => id).filter((id) => last[id])
  const path = [argMax(ends, scores)]
  for (const best of from.reverse()) path.unshift(best[path[0]!]!)
  return path
}

/** The id of the highest score; -1 without ids. */
const argMax = (ids: readonly number[], scores: readonly number[]) =>
  ids.reduce((best, id) => (best < 0 || scores[id]! > scores[best]! ? id : best), -1)

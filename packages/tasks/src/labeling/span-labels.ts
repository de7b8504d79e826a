import type { PartSpec } from '@heddle/core'
import { type PathScores, viterbi } from '@heddle/layers'
import { type DecodeLabels, logarithms } from './predict-labels.ts'

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
 * Rules of labels that tag spans, as scores 0 and -Infinity: `I-type` and `E-type` only go on with a span of their type, and in IOBES
 * a span that was begun is ended.
 *
 * A type without a label to begin with, as in IOB1, may begin with `I-type`.
 *
 * @returns undefined for labels that do not tag spans
 */
export function spanRules(labels: readonly string[]): PathScores | undefined {
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
  const score = (isValid: boolean) => (isValid ? 0 : Number.NEGATIVE_INFINITY)
  const outside: Tag = { prefix: 'O', type: '' }
  return {
    transitions: tags.flatMap((before) => tags.map((tag) => score(mayFollow(before, tag)))),
    start: tags.map((tag) => score(mayFollow(outside, tag))),
    end: tags.map((tag) => score(!isOpen(tag))),
  }
}

/**
 * Finds the most probable sequence of labels among those that tag spans as {@link spanRules} says. The probabilities of different
 * steps count as independent.
 *
 * @returns undefined for labels that do not tag spans
 */
export function validSpans(labels: readonly string[]): DecodeLabels | undefined {
  const rules = spanRules(labels)
  return rules && ((probabilities) => viterbi(probabilities.map(logarithms), rules))
}

interface Tag {
  readonly prefix: string
  readonly type: string
}

function tagOf(label: string): Tag {
  const [, prefix = 'O', type = ''] = SPAN_LABEL.exec(label) ?? []
  return { prefix, type }
}

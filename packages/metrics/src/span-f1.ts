import { HeddleError, show } from '@heddle/core'
import * as z from 'zod'
import { checkPairs, metricPoint } from './metric.ts'
import { type ClassCounts, type ClassScores, classScores } from './precision-recall.ts'
import { strictSpansOf } from './strict-spans.ts'

/** A typed run of tokens from `start` to before `end`. */
export interface Span {
  readonly type: string
  readonly start: number
  readonly end: number
}

/**
 * Returns the spans of a sequence of tags `O`, `B-type`, `I-type`, `E-type`, `S-type` (IOB1, IOB2, IOBES).
 *
 * An `I-type` that continues nothing starts a span, as in CoNLL's conlleval script and seqeval's default mode.
 *
 * @throws HeddleError `data` for a tag of another form
 * @see Tjong Kim Sang & Buchholz 2000, "Introduction to the CoNLL-2000 shared task: chunking"
 */
export function spansOf(tags: readonly string[]): Span[] {
  const spans: { type: string; start: number; end: number }[] = []
  let open: { type: string; start: number; end: number } | undefined
  for (const [i, tag] of tags.entries()) {
    if (tag === 'O') {
      open = undefined
      continue
    }
    const match = /^([BIES])(?:-(.*))?$/s.exec(tag)
    if (match === null) {
      throw new HeddleError(
        'data',
        `spansOf: expected a tag O, B-type, I-type, E-type or S-type, got ${show(tag)} at ${i}. Convert the tags.`,
      )
    }
    const [, prefix, type = ''] = match
    const goesOn = open !== undefined && open.type === type && (prefix === 'I' || prefix === 'E')
    if (goesOn) open!.end = i + 1
    else spans.push((open = { type, start: i, end: i + 1 }))
    if (prefix === 'E' || prefix === 'S') open = undefined
  }
  return spans
}

export interface SpanF1Options {
  /** Whether tags that break their scheme still make spans (`'default'`), or only valid ones count (`'strict'`). */
  readonly mode?: 'default' | 'strict'
}

/**
 * Returns precision, recall and F1 of whole spans. A span is right when its type and both borders are.
 *
 * In strict mode the scheme is IOBES where a reference has a tag `E-type` or `S-type`, and IOB2 otherwise.
 *
 * @param predictions the tags of each sentence
 * @see https://github.com/chakki-works/seqeval
 */
export function spanF1(
  predictions: readonly (readonly string[])[],
  references: readonly (readonly string[])[],
  { mode = 'default' }: SpanF1Options = {},
): ClassScores<string> {
  checkPairs('spanF1', predictions, references)
  const scheme = references.some((tags) => tags.some((tag) => /^[ES]/.test(tag))) ? 'iobes' : 'iob2'
  const spansIn = (tags: readonly string[]) => (mode === 'strict' ? strictSpansOf(tags, scheme) : spansOf(tags))
  const counts = new Map<string, { -readonly [K in keyof ClassCounts]: number }>()
  const countsOf = (type: string) => {
    const known = counts.get(type) ?? { truePositives: 0, predicted: 0, support: 0 }
    counts.set(type, known)
    return known
  }
  const keyOf = ({ type, start, end }: Span) => `${start} ${end} ${type}`
  for (const [i, tags] of references.entries()) {
    const predictedTags = predictions[i]!
    if (predictedTags.length !== tags.length) {
      throw new HeddleError(
        'data',
        `spanF1: expected ${tags.length} tags for sentence ${i}, got ${predictedTags.length}. Predict a tag for each token.`,
      )
    }
    const wanted = spansIn(tags)
    const found = new Set(wanted.map(keyOf))
    for (const { type } of wanted) countsOf(type).support++
    for (const span of spansIn(predictedTags)) {
      const count = countsOf(span.type)
      count.predicted++
      if (found.has(keyOf(span))) count.truePositives++
    }
  }
  return classScores(new Map([...counts].sort(([a], [b]) => (a < b ? -1 : 1))))
}

/** Contribution `spanF1`. */
export const spanF1Metric = metricPoint.of({
  name: 'spanF1',
  summary: 'Precision, recall and F1 of tagged spans, as conlleval and seqeval define them (0 to 1).',
  config: z.strictObject({
    average: z.enum(['micro', 'macro', 'weighted']).default('micro').describe('How types are averaged'),
    mode: z
      .enum(['default', 'strict'])
      .default('default')
      .describe("Whether tags that break their scheme still make spans, or only valid spans count: 'strict'"),
  }),
  create: ({ average, mode }) => {
    const nameOf = (value: string) => (mode === 'strict' ? `strictSpan${value}` : `span${value}`)
    const kind = mode === 'strict' ? 'valid spans' : 'spans'
    const share = (value: string, summary: string) =>
      ({ name: nameOf(value), summary, better: 'higher', percent: true }) as const
    return {
      compares: 'sequences',
      values: [
        share('F1', `F1 of the ${kind}`),
        share('Precision', `share of the predicted ${kind} that are right`),
        share('Recall', `share of the true ${kind} that are found`),
      ],
      compute(predictions: readonly (readonly string[])[], references: readonly (readonly string[])[]) {
        const { precision, recall, f1 } = spanF1(predictions, references, { mode })[average]
        return { [nameOf('F1')]: f1, [nameOf('Precision')]: precision, [nameOf('Recall')]: recall }
      },
    }
  },
})

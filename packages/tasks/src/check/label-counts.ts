import type { Dataset } from '../run/dataset.ts'
import type { ExampleFacts } from './facts.ts'
import { counted, type Finding, formatted, passed, share, warning } from './finding.ts'

/** A label with fewer training examples is hardly learned. */
const RARE = 5
/** Share of one label from which on accuracy says little. */
const DOMINANT = 0.9
const MOST_SHOWN = 12

/** Counts the labels, and finds rare ones, unseen ones and steps without one. */
export function checkLabels(facts: Dataset<ExampleFacts>): Finding[] {
  const train = countsOf(facts.train)
  if (train.size === 0) return []
  const held = countsOf([...facts.validation, ...facts.test])
  const sorted = [...train].sort(([, a], [, b]) => b - a)
  const total = sum(train.values())
  const [mostFrequent, most] = sorted[0]!
  const rare = sorted.filter(([, count]) => count < RARE).map(([label, count]) => `${label} ${count}`)
  const unseen = [...held].filter(([label]) => !train.has(label))
  return [
    passed('labels', `${counted(train.size, 'label', 'labels')}: ${listed(sorted)}`),
    ...(most > DOMINANT * total
      ? [
          warning(
            'balance',
            `${mostFrequent} is ${share(most, total)} training labels: guessing it always reaches that accuracy. Judge by f1, or weigh the labels.`,
          ),
        ]
      : []),
    ...(rare.length > 0
      ? [
          warning(
            'rare',
            `${counted(rare.length, 'label has', 'labels have')} fewer than ${RARE} training examples`,
            rare,
          ),
        ]
      : []),
    ...(unseen.length > 0
      ? [
          warning(
            'unseen',
            `${share(sum(unseen.map(([, count]) => count)), sum(held.values()))} held-out labels do not occur in training and count as errors`,
            unseen.map(([label, count]) => `${label} ${count}`),
          ),
        ]
      : []),
    ...misaligned(facts),
  ]
}

/** Examples with another number of labels than of steps. */
function misaligned(facts: Dataset<ExampleFacts>): Finding[] {
  const all = [...facts.train, ...facts.validation, ...facts.test]
  const wrong = all.filter(({ numSteps, answer }) => numSteps !== undefined && numSteps !== answer?.length)
  if (wrong.length > 0) {
    const shown = wrong.map(
      ({ input, answer, numSteps }) => `${numSteps} steps, ${answer?.length ?? 0} labels: ${input}`,
    )
    return [
      warning(
        'alignment',
        `${share(wrong.length, all.length)} examples have a step without a label, or the reverse`,
        shown,
      ),
    ]
  }
  return all.some(({ numSteps }) => numSteps !== undefined) ? [passed('alignment', 'every step has its label')] : []
}

function countsOf(facts: readonly ExampleFacts[]): Map<string, number> {
  const counts = new Map<string, number>()
  const add = (label: string) => counts.set(label, (counts.get(label) ?? 0) + 1)
  for (const { isLabeled = false, answer } of facts) {
    if (!isLabeled || answer === undefined) continue
    if (typeof answer === 'string') add(answer)
    else for (const label of answer) add(label)
  }
  return counts
}

function listed(counts: readonly (readonly [string, number])[]): string {
  const shown = counts.slice(0, MOST_SHOWN).map(([label, count]) => `${label} ${formatted(count)}`)
  return [...shown, ...(counts.length > MOST_SHOWN ? [`${formatted(counts.length - MOST_SHOWN)} more`] : [])].join(', ')
}

const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0)

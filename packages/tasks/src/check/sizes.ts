import type { Dataset } from '../run/dataset.ts'
import type { DataMeasures } from './facts.ts'
import { type Finding, formatted, passed, share, warning } from './finding.ts'

/** Examples of a part that are measured, at even distances. */
const MEASURED = 5000
/** Of those that are read from files. */
const MOST_READ = 8
const MANY_CUT = 0.01
const MANY_UNKNOWN = 0.02

/** Finds examples that are longer than what is read of them, and tokens that training did not meet. */
export async function checkSizes<E>(
  dataset: Dataset<E>,
  { limit, isStream = false, measure }: DataMeasures<E>,
): Promise<Finding[]> {
  if (measure === undefined) return []
  const train = dataset.train.length > 0 && !isStream ? await sizesOf(dataset.train, measure) : undefined
  const held = [...dataset.validation, ...dataset.test]
  const unseen = held.length > 0 ? await sizesOf(held, measure) : undefined
  return [
    ...(train === undefined ? [] : lengths(train.tokens, limit)),
    ...(unseen === undefined ? [] : unknown(unseen)),
  ]
}

function lengths(tokens: readonly number[], limit = Number.POSITIVE_INFINITY): Finding[] {
  const sorted = [...tokens].sort((a, b) => a - b)
  const at = (quantile: number) => formatted(sorted[Math.ceil(quantile * (sorted.length - 1))]!)
  const cut = sorted.filter((length) => length > limit).length
  const summary = `tokens of an example: median ${at(0.5)}, 95 % up to ${at(0.95)}, longest ${at(1)}`
  if (cut === 0) return [passed('length', summary)]
  const message = `${summary}; ${share(cut, sorted.length)} are cut off after ${formatted(limit)}`
  return [
    cut > MANY_CUT * sorted.length ? warning('length', `${message}. Raise the limit.`) : passed('length', message),
  ]
}

function unknown({ tokens, unknown }: Sizes): Finding[] {
  const total = tokens.reduce((sum, length) => sum + length, 0)
  if (total === 0) return []
  const message = `${share(unknown, total)} held-out tokens are unknown`
  return [unknown > MANY_UNKNOWN * total ? warning('unknown', message) : passed('unknown', message)]
}

interface Sizes {
  readonly tokens: readonly number[]
  readonly unknown: number
}

async function sizesOf<E>(examples: readonly E[], measure: NonNullable<DataMeasures<E>['measure']>): Promise<Sizes> {
  let count = Math.min(MEASURED, examples.length)
  const tokens: number[] = []
  let unknown = 0
  for (let i = 0; i < count; i++) {
    const measured = measure(examples[Math.floor((i * examples.length) / count)]!)
    // Read from a file.
    if (measured instanceof Promise) count = Math.min(count, MOST_READ)
    const size = await measured
    tokens.push(size.tokens)
    unknown += size.unknown
  }
  return { tokens, unknown }
}

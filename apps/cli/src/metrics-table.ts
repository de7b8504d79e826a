import type { MetricInfo } from '@heddle/metrics'
import { formatMetric } from '@heddle/views'
import type { Output } from './output.ts'

type Values = Readonly<Record<string, number>>

/** Numbers to compare with. */
export interface Compared {
  readonly baseline?: Values
  readonly fromScratch?: Values
}

/** Prints metrics in a table: name, value, meaning, and the values to compare it with where there are any. */
export function printMetrics(
  metrics: readonly MetricInfo[],
  values: Values,
  output: Output,
  { baseline, fromScratch }: Compared = {},
): void {
  const known = metrics.filter(({ name }) => values[name] !== undefined)
  const width = Math.max(18, ...known.map(({ name }) => name.length))
  for (const info of known) {
    const value = values[info.name]!
    const compared = Object.entries({ 'from scratch': fromScratch, baseline }).flatMap(([name, others]) =>
      others?.[info.name] === undefined ? [] : [{ name, other: others[info.name]! }],
    )
    const against = compared.map(({ name, other }) => `${name} ${formatMetric(info, other, [value])}`).join(', ')
    const beside = compared.map(({ other }) => other)
    const shown = formatMetric(info, value, beside)
    output.line(`  ${info.name.padEnd(width)} ${shown.padStart(8)}  ${info.summary}${against && ` (${against})`}`)
  }
}

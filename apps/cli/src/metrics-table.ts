import type { MetricInfo } from '@heddle/metrics'
import { formatMetric } from '@heddle/views'
import type { Output } from './output.ts'

/** Prints metrics in a table: name, value, meaning, and the baseline's value where there is one. */
export function printMetrics(
  metrics: readonly MetricInfo[],
  values: Readonly<Record<string, number>>,
  output: Output,
  baseline: Readonly<Record<string, number>> = {},
): void {
  const known = metrics.filter(({ name }) => values[name] !== undefined)
  const width = Math.max(18, ...known.map(({ name }) => name.length))
  for (const info of known) {
    const compared = baseline[info.name]
    const against = compared === undefined ? '' : ` (baseline ${formatMetric(info, compared)})`
    output.line(
      `  ${info.name.padEnd(width)} ${formatMetric(info, values[info.name]!).padStart(8)}  ${info.summary}${against}`,
    )
  }
}

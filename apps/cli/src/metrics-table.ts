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
    const value = values[info.name]!
    const compared = baseline[info.name]
    const against = compared === undefined ? '' : ` (baseline ${formatMetric(info, compared, [value])})`
    const shown = formatMetric(info, value, compared === undefined ? [] : [compared])
    output.line(`  ${info.name.padEnd(width)} ${shown.padStart(8)}  ${info.summary}${against}`)
  }
}

import type { MetricInfo } from '@heddle/metrics'
import type { Evaluation } from '@heddle/tasks'
import { type Markup, markup } from '../page/markup.ts'
import { formatMetric } from '../text/format.ts'

/** A card for each metric, the one to judge by first. */
export function metricTiles(
  metrics: readonly MetricInfo[],
  { part, metrics: values, baseline, fromScratch }: Evaluation,
): Markup {
  const known = metrics.filter(({ name }) => values[name] !== undefined)
  return markup`<div class="tiles">${known.map((info, i) => {
    const value = values[info.name]!
    const compared = Object.entries({ 'from scratch': fromScratch, baseline }).flatMap(([name, others]) =>
      others?.[info.name] === undefined ? [] : [{ name, other: others[info.name]! }],
    )
    const beside = compared.map(({ other }) => other)
    return markup`<div class="tile ${i === 0 && 'main'}"><b>${formatMetric(info, value, beside)}</b><span class="name">${info.name}</span><span>${info.summary} (${part} part)</span>${compared.map(({ name, other }) => markup`<span>${name} ${formatMetric(info, other, [value])}</span>`)}</div>`
  })}</div>`
}

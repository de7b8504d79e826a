import type { MetricInfo } from '@heddle/metrics'
import type { Evaluation } from '@heddle/tasks'
import { type Markup, markup } from '../page/markup.ts'
import { formatMetric } from '../text/format.ts'

/** A card for each metric, the one to judge by first. */
export function metricTiles(metrics: readonly MetricInfo[], { part, metrics: values, baseline }: Evaluation): Markup {
  const known = metrics.filter(({ name }) => values[name] !== undefined)
  return markup`<div class="tiles">${known.map((info, i) => {
    const value = values[info.name]!
    const compared = baseline?.[info.name]
    const beside = compared === undefined ? [] : [compared]
    return markup`<div class="tile ${i === 0 && 'main'}"><b>${formatMetric(info, value, beside)}</b><span class="name">${info.name}</span><span>${info.summary} (${part} part)</span>${compared !== undefined && markup`<span>baseline ${formatMetric(info, compared, [value])}</span>`}</div>`
  })}</div>`
}

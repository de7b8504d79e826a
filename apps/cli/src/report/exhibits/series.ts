import type { SeriesExhibit } from '@heddle/recipes'
import { lineChart, type Series } from '../line-chart.ts'
import type { Markup } from '../markup.ts'

/** How much of the history is drawn, as a multiple of the forecast. */
const SHOWN_HISTORY = 4

/** What was known, what was forecast and what then came. */
export function seriesChart({ title, steps, history, actual, forecast, baseline }: SeriesExhibit): Markup {
  const known = history.length
  const first = Math.max(0, known - SHOWN_HISTORY * forecast.length)
  const after = (values: readonly number[]) => values.map((value, i) => [known + i, value] as const)
  const series: Series[] = [
    {
      name: 'observed',
      color: 1,
      points: [...history.map((value, i) => [i, value] as const).slice(first), ...after(actual)],
    },
    { name: 'forecast', color: 2, points: after(forecast) },
    ...(baseline === undefined ? [] : [{ name: 'baseline', color: 3, points: after(baseline) } as const]),
  ]
  const label = (x: number) => steps[Math.round(x)] ?? ''
  return lineChart({ title, xLabel: '', series, formatX: label })
}

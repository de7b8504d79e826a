import type { SeriesExhibit } from '@heddle/tasks'
import { lineChart, type Series } from '../charts/line-chart.ts'
import { exhibitView } from '../exhibit-view.ts'
import { type Markup, markup } from '../page/markup.ts'
import { sparkline } from '../terminal/sparkline.ts'
import { heading, styles } from '../terminal/styles.ts'

/** Length of the history that is drawn, as a multiple of the forecast. */
const SHOWN_HISTORY = 4

/** Charts of forecasts with the values that came; in a terminal the first one, as bars. */
export const seriesView = exhibitView<SeriesExhibit>({
  name: 'series',
  summary: 'charts of forecasts with the values that came',
  html: (exhibits) => markup`<section><h2>Forecasts</h2><div class="charts">${exhibits.map(chart)}</div></section>`,
  terminal([exhibit], { colors, columns }) {
    const { title, history, actual, forecast } = exhibit!
    const all = [...history, ...actual, ...forecast]
    const range = { from: Math.min(...all), to: Math.max(...all) }
    const { dim } = styles(colors)
    const known = history.slice(-Math.max(0, columns - 12 - forecast.length))
    const past = sparkline(known, range)
    return [
      ...heading(title, colors),
      `  ${dim('observed')} ${past}${sparkline(actual, range)}`,
      `  ${dim('forecast')} ${' '.repeat(known.length)}${sparkline(forecast, range)}`,
    ]
  },
})

/** History, forecast, and the values that came. */
function chart({ title, steps, history, actual, forecast, baseline }: SeriesExhibit): Markup {
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
  return lineChart({ title, xLabel: '', series, formatX: (x) => steps[Math.round(x)] ?? '' })
}

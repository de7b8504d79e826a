import type { SeriesExhibit } from '@heddle/tasks'
import type { Color } from '../charts/drawing.ts'
import { lineChart, type Series } from '../charts/line-chart.ts'
import { linePicture } from '../charts/line-picture.ts'
import { exhibitView } from '../exhibit-view.ts'
import { type Markup, markup } from '../page/markup.ts'
import { sparkline } from '../terminal/sparkline.ts'
import { heading, styles } from '../terminal/styles.ts'

/** Length of the history that is drawn, as a multiple of the forecast. */
const SHOWN_HISTORY = 4
const BLUE: Color = [37, 99, 201]
const ORANGE: Color = [194, 94, 0]
const GREEN: Color = [18, 135, 111]

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
  pictures: (exhibit) => {
    const { observed, forecast, baseline, known } = linesOf(exhibit)
    return [
      {
        ...linePicture(
          [
            ...(baseline === undefined ? [] : [{ color: GREEN, points: baseline }]),
            { color: BLUE, points: observed },
            { color: ORANGE, points: forecast },
          ],
          known,
        ),
        description: 'Blue: the observed values. Orange: the forecast. Green: the baseline.',
      },
    ]
  },
})

/** History, forecast, and the values that came. */
function chart(exhibit: SeriesExhibit): Markup {
  const { title, steps } = exhibit
  const { observed, forecast, baseline } = linesOf(exhibit)
  const series: Series[] = [
    { name: 'observed', color: 1, points: observed },
    { name: 'forecast', color: 2, points: forecast },
    ...(baseline === undefined ? [] : [{ name: 'baseline', color: 3, points: baseline } as const]),
  ]
  return lineChart({ title, xLabel: '', series, formatX: (x) => steps[Math.round(x)] ?? '' })
}

/** The lines of a chart by number of the step, of which the forecast begins at `known`. */
function linesOf({ history, actual, forecast, baseline }: SeriesExhibit) {
  const known = history.length
  const first = Math.max(0, known - SHOWN_HISTORY * forecast.length)
  const after = (values: readonly number[]) => values.map((value, i) => [known + i, value] as const)
  return {
    known,
    observed: [...history.map((value, i) => [i, value] as const).slice(first), ...after(actual)],
    forecast: after(forecast),
    baseline: baseline && after(baseline),
  }
}

import type { Registry } from '@heddle/core'
import type { RunLogContent } from '@heddle/trainer'
import { exhibitSections } from '../draw-exhibits.ts'
import { type Markup, markup } from '../page/markup.ts'
import { htmlPage } from '../page/page.ts'
import { settingsTree } from '../page/settings-tree.ts'
import { formatCount, formatDuration } from '../text/format.ts'
import { histogramSection } from './histogram-section.ts'
import { metricTiles } from './metric-tiles.ts'
import type { ReportContent } from './report-content.ts'
import { trainingCharts } from './training-charts.ts'

/** The report of a run as one page that needs no network: metrics, curves, exhibits, settings. */
export function reportHtml(content: ReportContent, registry: Registry): string {
  const { title, data, numParameters, steps, elapsedMs, metrics, evaluation, exhibits, log, model } = content
  return htmlPage({
    title,
    about: `${data} · ${model.type} with ${formatCount(numParameters)} parameters · ${formatCount(steps)} ${steps === 1 ? 'step' : 'steps'} in ${formatDuration(elapsedMs)}`,
    body: [
      evaluation === undefined ? markup`` : metricTiles(metrics, evaluation),
      markup`<section><h2>Training</h2><div class="charts">${trainingCharts(log, metrics)}</div>${damaged(log)}</section>`,
      ...exhibitSections(exhibits, registry),
      histogramSection(log),
      markup`<section><h2>Settings</h2><div class="pairs">${settingsTree(content.settings)}<div>${settingsTree({ model })}<h3>Environment</h3>${settingsTree(content.environment)}</div></div></section>`,
    ],
    footer: markup`The folder of the run holds ${content.files.join(', ')}.`,
  })
}

function damaged({ damagedLines }: RunLogContent): Markup | undefined {
  if (damagedLines.length === 0) return undefined
  const named = damagedLines.slice(0, 10).join(', ')
  return markup`<p>${formatCount(damagedLines.length)} damaged ${damagedLines.length === 1 ? 'line' : 'lines'} of log.jsonl left out: ${named}${damagedLines.length > 10 && ', …'}.</p>`
}

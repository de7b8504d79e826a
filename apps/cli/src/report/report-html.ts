import type { MetricInfo, RunConfig, TrainedRun } from '@heddle/recipes'
import type { RunLogContent } from '@heddle/trainer'
import { formatCount, formatDuration, formatMetric } from '../format.ts'
import { exhibitSections } from './exhibits/exhibit-sections.ts'
import { lineChart, type Series, thinned } from './line-chart.ts'
import { Markup, markup } from './markup.ts'
import { STYLE } from './style.ts'

export interface ReportContent {
  readonly trained: TrainedRun
  readonly log: RunLogContent
  /** What it ran on, by label. */
  readonly environment: Readonly<Record<string, string>>
}

/** The report as one page that needs no network: metrics, curves, samples, attention, settings. */
export function reportHtml({ trained, log, environment }: ReportContent): string {
  const { run, evaluation, exhibits, result, parameters } = trained
  const { config, recipe } = run
  const title = `${config.recipe.type}, seed ${config.seed}`
  const data = config.data?.name ?? 'built-in data'
  const page = markup`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Heddle</title><style>${new Markup(STYLE)}</style></head>
<body><main>
<header><h1>${title}</h1><p>${data} · ${config.model.type} with ${formatCount(parameters)} parameters · ${result.steps} steps in ${formatDuration(result.elapsedMs)}</p></header>
${evaluation && tiles(recipe.metrics, evaluation.metrics, evaluation.part, evaluation.baseline)}
<section><h2>Training</h2><div class="charts">${charts(log, recipe.metrics)}</div>${damaged(log)}</section>
${exhibitSections(exhibits)}
<section><h2>Settings</h2><div class="pairs">${settings(config)}</div></section>
<section><h2>Environment</h2><div class="pairs">${table(Object.entries(environment))}</div></section>
<footer>The run's folder holds config.json, model.safetensors, ${config.files.join(', ')} and log.jsonl.</footer>
</main></body></html>
`
  return page.text
}

function damaged({ damagedLines }: RunLogContent): Markup | undefined {
  if (damagedLines.length === 0) return undefined
  const named = damagedLines.slice(0, 10).join(', ')
  return markup`<p>${formatCount(damagedLines.length)} damaged ${damagedLines.length === 1 ? 'line' : 'lines'} of log.jsonl left out: ${named}${damagedLines.length > 10 && ', …'}.</p>`
}

function tiles(
  metrics: readonly MetricInfo[],
  values: Readonly<Record<string, number>>,
  part: string,
  baseline: Readonly<Record<string, number>> | undefined,
): Markup {
  const known = metrics.filter(({ name }) => values[name] !== undefined)
  return markup`<div class="tiles">${known.map((info, i) => {
    const compared = baseline?.[info.name]
    const against = compared === undefined ? '' : `; baseline ${formatMetric(info, compared)}`
    return markup`<div class="tile ${i === 0 && 'main'}"><b>${formatMetric(info, values[info.name]!)}</b><span>${info.name}</span><span>${info.summary} (${part}${against})</span></div>`
  })}</div>`
}

function charts({ steps, validations }: RunLogContent, metrics: readonly MetricInfo[]): Markup[] {
  const validated = (name: string): Series['points'] =>
    validations.flatMap(({ step, metrics: { [name]: value = Number.NaN } }) =>
      Number.isFinite(value) ? [[step, value] as const] : [],
    )
  const loss: Series[] = [
    { name: 'training', color: 1, points: thinned(steps.map(({ step, loss }) => [step, loss])) },
    { name: 'validation', color: 2, points: validated('loss'), dots: true },
  ]
  const shares = metrics
    .filter(({ name, percent }) => percent && validated(name).length > 0)
    .slice(0, 3)
    .map(({ name }, i): Series => ({ name, color: (i + 1) as Series['color'], points: validated(name), dots: true }))
  const rate = steps.map(({ step, learningRate }) => [step, learningRate] as const).filter(([, value]) => value > 0)
  const norm = thinned(steps.map(({ step, gradientNorm }) => [step, gradientNorm]))
  return [
    lineChart({ title: 'Loss', xLabel: 'step', series: loss.filter(({ points }) => points.length > 0) }),
    ...(shares.length > 0
      ? [
          lineChart({
            title: 'Validation',
            xLabel: 'step',
            series: shares,
            format: (y) => `${Number((100 * y).toFixed(1))} %`,
          }),
        ]
      : []),
    lineChart({
      title: 'Learning rate (log)',
      xLabel: 'step',
      series: [{ name: 'learning rate', color: 3, points: thinned(rate) }],
      logY: true,
    }),
    lineChart({
      title: 'Gradient norm before clipping (log)',
      xLabel: 'step',
      series: [{ name: 'norm', color: 1, points: norm }],
      logY: true,
    }),
  ]
}

function settings({ recipe, model, plugins }: RunConfig): Markup[] {
  const { type, ...fields } = recipe
  const value = (content: unknown) => (typeof content === 'string' ? content : JSON.stringify(content))
  return [
    table([['recipe', type], ...Object.entries(fields).map(([key, content]) => [key, value(content)] as const)]),
    table([
      ...Object.entries(model).map(
        ([key, content]) => [key === 'type' ? 'model' : `model ${key}`, value(content)] as const,
      ),
      ['plugins', plugins.map(({ name, version }) => (version === undefined ? name : `${name} ${version}`)).join(', ')],
    ]),
  ]
}

const table = (rows: readonly (readonly [string, string])[]): Markup =>
  markup`<table>${rows.map(([key, value]) => markup`<tr><td>${key}</td><td>${value}</td></tr>`)}</table>`

import type { GradientHistogram, RunLogContent, WeightHistogram } from '@heddle/trainer'
import { type Ridge, ridgeChart } from '../charts/ridge-chart.ts'
import { type Markup, markup } from '../page/markup.ts'

/** Steps that a chart shows, from the first to the last. */
const SHOWN = 8

/** Histograms of weights and gradients by module, over the steps that the log has them of; nothing where it has none. */
export function histogramSection({ histograms }: RunLogContent): Markup {
  const lines = spread(histograms)
  const modules = Object.keys(lines.at(-1)?.weights ?? {})
  if (modules.length === 0) return markup``
  const ridges = <H>(
    kind: (line: (typeof lines)[number]) => Readonly<Record<string, H>>,
    name: string,
    ridge: (histogram: H) => Omit<Ridge, 'label'>,
  ) =>
    lines.flatMap((line) => {
      const histogram = kind(line)[name]
      return histogram === undefined ? [] : [{ ...ridge(histogram), label: `${line.step}` }]
    })
  return markup`<section><h2>Weights and gradients</h2><p class="about">How values are distributed, by module, from an early step (back) to a late one (front). Gradients are magnitudes before clipping by norm, on a logarithmic axis.</p><div class="scroll"><table class="modules">
<thead><tr><th>module</th><th>weights</th><th>gradients</th></tr></thead>
${modules.map((name) => {
  const weights = ridgeChart({
    title: `Weights of ${name}`,
    color: 1,
    ridges: ridges(({ weights }) => weights, name, weightRidge),
  })
  const gradients = ridgeChart({
    title: `Gradients of ${name}`,
    color: 2,
    ridges: ridges(({ gradients }) => gradients, name, gradientRidge),
    formatX: (exponent) => (Number.isInteger(exponent) ? `1e${exponent}` : ''),
  })
  return markup`<tr><th>${brokenAtDots(name)}</th><td>${weights}</td><td>${gradients}</td></tr>`
})}</table></div></section>`
}

/** A path that may go on in the next line after each of its parts. */
const brokenAtDots = (path: string) => path.split('.').map((part, i) => (i === 0 ? part : markup`.<wbr>${part}`))

const weightRidge = ({ min, max, from, to, counts }: WeightHistogram) => ({
  from,
  to,
  counts,
  detail: `from ${short(min)} to ${short(max)}`,
})

/** On an axis of powers of ten. */
function gradientRidge({ zeros, from, counts }: GradientHistogram) {
  const to = from + counts.length / 2
  const total = zeros + counts.reduce((sum, count) => sum + count, 0)
  const share = zeros > 0 ? `, ${((100 * zeros) / total).toFixed(1)} % are 0` : ''
  return { from, to, counts, detail: `from 1e${from} to 1e${to}${share}` }
}

/** Some of a list, evenly spread, the first and the last among them. */
function spread<T>(list: readonly T[]): T[] {
  const count = Math.min(SHOWN, list.length)
  return Array.from({ length: count }, (_, i) => list[Math.round((i * (list.length - 1)) / Math.max(1, count - 1))]!)
}

const short = (value: number) => `${Number(value.toPrecision(3))}`

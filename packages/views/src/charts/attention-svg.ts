import type { AttentionMap } from '@heddle/tasks'
import { scaleBand } from 'd3-scale'
import stringWidth from 'string-width'
import { type Markup, markup } from '../page/markup.ts'
import { opacityOf } from './scale-bar.ts'

const CELL = 30
const CHARACTER = 7.4
const GAP = 8

/** An attention map as SVG: a column for each source token, a row for each target token, a stronger cell for a larger weight. */
export function attentionSvg({ source, target, weights }: AttentionMap): Markup {
  const widthOf = (tokens: readonly string[]) => Math.max(0, ...tokens.map((token) => stringWidth(token))) * CHARACTER
  const left = widthOf(target) + 2 * GAP
  // Source tokens are turned by 45 degrees, so they need less height than their length, and room to the right.
  const top = widthOf(source) * Math.SQRT1_2 + 3 * GAP
  const overhang = widthOf(source.slice(-1)) * Math.SQRT1_2
  const x = scaleBand<number>(source.keys(), [left, left + source.length * CELL]).padding(0.06)
  const y = scaleBand<number>(target.keys(), [top, top + target.length * CELL]).padding(0.06)
  const width = left + source.length * CELL + overhang + GAP
  const height = top + target.length * CELL + GAP
  const middle = (scale: typeof x, i: number) => px((scale(i) ?? 0) + scale.bandwidth() / 2)
  return markup`<svg class="attention" viewBox="0 0 ${px(width)} ${px(height)}" width="${px(width)}" role="img" aria-label="attention of ${target.join(' ')} over ${source.join(' ')}">
${source.map((token, s) => markup`<text transform="translate(${middle(x, s)} ${px(top - GAP)}) rotate(-45)">${token}</text>`)}
${target.map((token, t) => markup`<text x="${px(left - GAP)}" y="${middle(y, t)}" dy="0.35em" text-anchor="end">${token}</text>`)}
${target.map((token, t) =>
  source.map((from, s) => {
    const weight = weights[t]?.[s] ?? 0
    return markup`<rect x="${px(x(s) ?? 0)}" y="${px(y(t) ?? 0)}" width="${px(x.bandwidth())}" height="${px(y.bandwidth())}" rx="3" fill-opacity="${opacityOf(weight).toFixed(3)}"><title>${token} ← ${from}: ${(100 * weight).toFixed(1)} %</title></rect>`
  }),
)}
</svg>`
}

const px = (value: number) => value.toFixed(1)

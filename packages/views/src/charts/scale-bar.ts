import { type Markup, markup } from '../page/markup.ts'

const STOPS = [0, 0.25, 0.5, 0.75, 1]

/** Opacity of a cell of a heat map. It rises faster for small weights, which are hard to tell apart on a dark page. */
export const opacityOf = (weight: number): number => 0.04 + 0.96 * Math.max(0, weight) ** 0.7

/** A key to the colors of a heat map of weights. */
export function weightBar(): Markup {
  const stops = STOPS.map(
    (weight) => `color-mix(in srgb, var(--map) ${(100 * opacityOf(weight)).toFixed(0)}%, transparent) ${100 * weight}%`,
  )
  return markup`<p class="key-bar"><span>0 %</span><i style="background:linear-gradient(90deg, ${stops.join(', ')})"></i><span>100 %</span></p>`
}

/** A key to colors that the style sheet mixes. */
export const scaleBar = (from: string, to: string): Markup =>
  markup`<p class="key-bar"><span>${from}</span><i></i><span>${to}</span></p>`

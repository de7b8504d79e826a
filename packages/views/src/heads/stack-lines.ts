import type { AttentionStack } from '@heddle/inspect'
import type { TerminalOptions } from '../exhibit-view.ts'
import { drawHeatMap } from '../terminal/heat-map.ts'
import { styles } from '../terminal/styles.ts'
import { wrap } from '../terminal/wrap.ts'
import { habitOf } from './habit.ts'
import { tokenLabel } from './token-spans.ts'

/** Columns of a head in the table. */
const WIDTH = 13
/** Layers in a terminal. */
const SHOWN = 24

/** A stack of layers in a terminal: the habit of each head, and the map of the chosen head, or of all layers together. */
export function stackLines({ queries, keys, layers, summary }: AttentionStack, options: TerminalOptions): string[] {
  const { dim } = styles(options.colors)
  const isOne = layers.length === 1 && layers[0]!.heads.length === 1
  const perLine = Math.max(1, Math.floor((options.columns - 9) / WIDTH))
  const lines: string[] = []
  for (const { layer, heads } of layers.slice(0, SHOWN)) {
    for (let at = 0; at < heads.length; at += perLine) {
      const cells = heads.slice(at, at + perLine).map(({ figures }) => habitOf(figures).text.padEnd(WIDTH))
      lines.push(`${(at === 0 ? `layer ${layer}` : '').padEnd(9)}${cells.join('')}`.trimEnd())
    }
  }
  if (layers.length > SHOWN) lines.push(dim(`… and ${layers.length - SHOWN} layers more on the page`))
  const [label, weights] = isOne
    ? [`layer ${layers[0]!.layer}, head ${layers[0]!.heads[0]!.head}`, layers[0]!.heads[0]!.weights]
    : [`all layers, ${summary.kind}`, summary.weights]
  const names = (tokens: typeof keys) => tokens.map(({ text }) => tokenLabel(text))
  return [
    ...lines,
    '',
    ...wrap(`${label}; rows look at columns`.split(' '), options.columns).map(dim),
    ...drawHeatMap({ source: names(keys), target: names(queries), weights }, options),
  ]
}

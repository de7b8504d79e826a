import type { AttentionStack } from '@heddle/inspect'
import { type Color, Drawing, tint } from '../charts/drawing.ts'
import { inBlocks } from './weight-picture.ts'

/** Longest side of the map of a head in pixels, and the pixels between maps. */
const SIDE = 96
const GAP = 6
const LINE: Color = [222, 222, 222]
const BLUE: Color = [37, 99, 201]

/** The maps of all heads of a stack, layer below layer. */
export function headsPicture({ layers, queries, keys }: AttentionStack): ReturnType<Drawing['picture']> {
  const longest = Math.max(queries.length, keys.length)
  const block = Math.max(1, Math.ceil(longest / SIDE))
  const size = { width: Math.ceil(keys.length / block), height: Math.ceil(queries.length / block) }
  const scale = Math.max(1, Math.floor(SIDE / Math.max(size.width, size.height)))
  const [across, down] = [size.width * scale + GAP, size.height * scale + GAP]
  const numHeads = Math.max(...layers.map(({ heads }) => heads.length))
  const drawing = new Drawing({ width: numHeads * across + GAP, height: layers.length * down + GAP }, LINE)
  for (const [l, { heads }] of layers.entries()) {
    for (const [h, { weights }] of heads.entries()) {
      const blocks = inBlocks(weights, block)
      // The square root keeps small weights visible.
      const colorAt = (i: number) => tint(BLUE, Math.sqrt(blocks[Math.floor(i / size.width)]?.[i % size.width] ?? 0))
      drawing.place(GAP + h * across, GAP + l * down, size, scale, colorAt)
    }
  }
  return drawing.picture()
}

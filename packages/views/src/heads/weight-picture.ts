import type { WeightMatrix } from '@heddle/inspect'
import { encode } from 'fast-png'
import { pngUrl } from '../charts/picture-data.ts'

/** Blue that stands out on light and dark pages. */
const COLOR = [64, 128, 235] as const
/** Opacity is the square root of the weight: small weights stay visible, and a byte holds them to 0.4 % at worst. */
const PALETTE = Array.from({ length: 256 }, (_, opacity) => [...COLOR, opacity])

/** Attention weights as a picture, a pixel for each: the larger the weight, the more opaque. */
export function weightPicture(weights: WeightMatrix): string {
  const [height, width] = [weights.length, weights[0]?.length ?? 0]
  const data = new Uint8Array(height * width)
  for (const [t, row] of weights.entries()) {
    for (const [s, weight] of row.entries()) data[t * width + s] = opacityByte(weight)
  }
  return pngUrl(encode({ width, height, data, channels: 1, palette: PALETTE }, { zlib: { level: 9 } }))
}

const opacityByte = (weight: number): number => Math.round(255 * Math.sqrt(Math.min(1, Math.max(0, weight))))

/** Weights in blocks of `size` by `size`, each with its largest weight. */
export function inBlocks(weights: WeightMatrix, size: number): WeightMatrix {
  if (size <= 1) return weights
  const columns = Math.ceil((weights[0]?.length ?? 0) / size)
  return Array.from({ length: Math.ceil(weights.length / size) }, (_, t) => {
    const out = new Array<number>(columns).fill(0)
    for (const row of weights.slice(t * size, (t + 1) * size)) {
      for (const [s, weight] of row.entries()) {
        const column = Math.floor(s / size)
        if (weight > out[column]!) out[column] = weight
      }
    }
    return out
  })
}

import { HeddleError } from '@heddle/core'
import type { DataSource } from '../data-source.ts'
import { idxPairs } from './idx-pairs.ts'
import type { LabelledPart } from './labelled-batch.ts'
import type { Pixels } from './picture-file.ts'

/** A picture with its label, or the frames of a clip one after the other with theirs. */
export interface IdxPictures extends Pixels {
  readonly labels: readonly string[]
}

/**
 * Examples from pairs of IDX files: pictures [N, H, W] with labels [N], or clips [N, T, H, W] with labels [N, T].
 *
 * @throws HeddleError `data` for pixels that are no unsigned bytes
 */
export async function readIdxPictures(
  source: DataSource,
  { where, part }: { where: string; part: LabelledPart },
): Promise<IdxPictures[]> {
  const ranks = part === 'step' ? { valueRank: 4, labelRank: 2 } : { valueRank: 3, labelRank: 1 }
  const pairs = await idxPairs(source, { where, ...ranks })
  return pairs.flatMap(({ values: { shape, data }, labels }) => {
    if (!(data instanceof Uint8Array)) {
      throw new HeddleError('data', `${where}: expected pixels as unsigned bytes, got numbers of another type.`)
    }
    const [height, width] = shape.slice(-2) as [number, number]
    const count = shape[0]!
    const [size, numLabels] = [data.length / count, labels.data.length / count]
    return Array.from({ length: count }, (_, i) => ({
      pixels: data.subarray(i * size, (i + 1) * size),
      width,
      height,
      labels: Array.from(labels.data.subarray(i * numLabels, (i + 1) * numLabels), String),
    }))
  })
}

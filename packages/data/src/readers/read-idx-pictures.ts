import { HeddleError } from '@heddle/core'
import type { DataSource } from '../sources/data-source.ts'
import type { ReadExamples, SplitExample } from './read-examples.ts'
import { readIdxPairs } from './read-idx-pairs.ts'

// N examples, T frames, H height, W width

/** A gray picture, or the frames of a clip one after the other. */
export interface GrayPicture {
  /** Row by row, from 0 (black) to 255. */
  readonly pixels: Uint8Array
  readonly width: number
  readonly height: number
}

/** A picture with its label, or the frames of a clip with theirs. */
export interface LabeledPicture extends GrayPicture, SplitExample {
  readonly labels: readonly string[]
}

export interface IdxPicturesOptions {
  /** The caller's name, for messages. */
  readonly where: string
  /** Whether examples are clips with a label for each frame. Default: false, pictures with one label. */
  readonly clips?: boolean
}

/**
 * Reads pairs of IDX files: pictures [N, H, W] with labels [N], or clips [N, T, H, W] with labels [N, T].
 *
 * @throws HeddleError `data` when a pair is incomplete or pixels are not unsigned bytes, `format` for damaged files
 */
export async function readIdxPictures(
  source: DataSource,
  { where, clips = false }: IdxPicturesOptions,
): Promise<ReadExamples<LabeledPicture>> {
  const ranks = clips ? { valueRank: 4, labelRank: 2 } : { valueRank: 3, labelRank: 1 }
  const { examples: pairs, notes } = await readIdxPairs(source, { where, ...ranks })
  const examples = pairs.flatMap(({ values: { shape, data }, labels, split }) => {
    if (!(data instanceof Uint8Array)) {
      throw new HeddleError(
        'data',
        `${where}: expected pixels as unsigned bytes, got numbers of another type. Convert them.`,
      )
    }
    const [height, width] = shape.slice(-2) as [number, number]
    const count = shape[0]!
    const [size, numLabels] = [data.length / count, labels.data.length / count]
    return Array.from({ length: count }, (_, i) => ({
      pixels: data.subarray(i * size, (i + 1) * size),
      width,
      height,
      labels: Array.from(labels.data.subarray(i * numLabels, (i + 1) * numLabels), String),
      ...(split !== undefined && { split }),
    }))
  })
  if (examples.length === 0) {
    throw new HeddleError(
      'data',
      `${where}: expected ${clips ? 'clips' : 'pictures'} with labels in ${source.name}, got none. Check the files.`,
    )
  }
  return { examples, notes }
}

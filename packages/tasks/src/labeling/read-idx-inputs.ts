import { HeddleError } from '@heddle/core'
import { type GrayPicture, parseIdx } from '@heddle/data'
import type { InputRow, InputSource } from '../task/pipeline.ts'

// N examples, T frames, H height, W width

type PictureInputs = { readonly rows: AsyncIterable<InputRow<GrayPicture>> } | { readonly source: InputSource }

/**
 * The pictures [N, H, W] or clips [N, T, H, W] of an IDX file, numbered from 1; any other source as it is, and so is the file of one
 * clip [T, H, W].
 */
export const readIdxInputs =
  (rank: 3 | 4) =>
  async (source: InputSource): Promise<PictureInputs> => {
    if (!/idx\d|ubyte/i.test(source.name)) return { source }
    const { shape, data } = await parseIdx(await source.bytes(), { file: source.name })
    if (!(data instanceof Uint8Array) || (shape.length !== rank && shape.length !== rank - 1) || shape.length < 3) {
      throw new HeddleError(
        'data',
        `${source.name}: expected ${rank === 3 ? 'pictures' : 'clips'} as an array of bytes with ${rank} axes, got the shape [${shape.join(', ')}]. Name the file of the ${rank === 3 ? 'pictures' : 'clips'}.`,
      )
    }
    const [count, size] = shape.length === rank ? [shape[0]!, data.length / shape[0]!] : [1, data.length]
    const [height, width] = shape.slice(-2) as [number, number]
    const rows = (async function* () {
      for (let i = 0; i < count; i++) {
        yield { cells: { number: i + 1 }, input: { pixels: data.subarray(i * size, (i + 1) * size), width, height } }
      }
    })()
    return { rows }
  }

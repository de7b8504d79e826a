import { HeddleError } from '@heddle/core'
import { type DataFile, readClipFolder, type StyledPicture } from '@heddle/data'
import * as tf from '@tensorflow/tfjs-core'
import type { SourceTensors } from '../sequence-to-text/teacher-forcing.ts'
import type { ColorScale } from './picture-source.ts'
import type { ShownSource, VisualSource } from './visual-source.ts'

// B batch, T frames, H height, W width

/** Color clips as tensors of mean 0 and variance 1; a step is a frame. */
export class ClipSource implements VisualSource {
  readonly #scale: ColorScale
  /** H·W·3 */
  readonly #frameSize: number

  constructor(scale: ColorScale) {
    this.#scale = scale
    this.#frameSize = scale.height * scale.width * 3
  }

  /** @param file a folder of PNG files, the frames */
  read(file: DataFile): Promise<StyledPicture> {
    return readClipFolder(file, this.#scale)
  }

  encode({ name, height, width, pixels }: StyledPicture): Float32Array {
    const { height: H, width: W } = this.#scale
    if (height === H && width === W && pixels.length > 0 && pixels.length % this.#frameSize === 0) return pixels
    throw new HeddleError(
      'data',
      `${name}: expected a clip with frames of ${H}x${W}, as in training, got ${pixels.length} numbers for frames of ${height}x${width}. Resize it.`,
    )
  }

  length(pixels: Float32Array): number {
    return pixels.length / this.#frameSize
  }

  /** @returns [B, T, H·W·3], 0 past the end of a clip, and lengths [B], int32 */
  collate(clips: readonly Float32Array[]): SourceTensors {
    const { mean, deviation } = this.#scale
    const lengths = Int32Array.from(clips, (pixels) => this.length(pixels))
    const T = Math.max(...lengths)
    const data = new Float32Array(clips.length * T * this.#frameSize)
    for (const [b, pixels] of clips.entries()) {
      const start = b * T * this.#frameSize
      for (let i = 0; i < pixels.length; i++) data[start + i] = (pixels[i]! - mean) / deviation
    }
    return { source: tf.tensor3d(data, [clips.length, T, this.#frameSize]), lengths: tf.tensor1d(lengths, 'int32') }
  }

  /** Numbers of the frames, from 1. */
  steps(pixels: Float32Array): readonly string[] {
    return Array.from({ length: this.length(pixels) }, (_, t) => `${t + 1}`)
  }

  /** The frames side by side, in rows; black where the last row is not full. */
  shown({ width, height, pixels }: StyledPicture): ShownSource {
    const numFrames = this.length(pixels as Float32Array)
    const columns = Math.ceil(Math.sqrt(numFrames))
    const rows = Math.ceil(numFrames / columns)
    const shown = new Array<number>(rows * columns * this.#frameSize).fill(0)
    const line = 3 * width
    for (let t = 0; t < numFrames; t++) {
      const corner = Math.floor(t / columns) * height * columns * line + (t % columns) * line
      for (let i = 0; i < this.#frameSize; i++) {
        const at = corner + Math.floor(i / line) * columns * line + (i % line)
        shown[at] = Math.round(255 * pixels[t * this.#frameSize + i]!)
      }
    }
    return { width: columns * width, height: rows * height, pixels: shown, rows, columns }
  }
}

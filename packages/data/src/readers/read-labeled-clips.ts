import { HeddleError } from '@heddle/core'
import { baseName } from '../sources/base-name.ts'
import type { DataSource } from '../sources/data-source.ts'
import { clipFolders, type FrameSize, folderOf, readFrames } from './clip-folders.ts'
import type { StyledPicture } from './read-captioned-pictures.ts'
import type { ReadExamples } from './read-examples.ts'
import type { GrayPicture, LabeledPicture } from './read-idx-pictures.ts'

// T frames, H height, W width

export interface LabeledClipsOptions extends FrameSize {
  /** The caller's name, for messages. */
  readonly where: string
}

/**
 * Reads gray clips and their labels from folders of PNG files, `LABEL/CLIP/FRAME.png`. Frames are scaled to the size asked for.
 *
 * @throws HeddleError `data` when there are no clips, or clips of a single label; `format` for a damaged file
 */
export async function readLabeledClips(
  source: DataSource,
  { where, ...size }: LabeledClipsOptions,
): Promise<ReadExamples<LabeledPicture>> {
  const { folders, notes } = clipFolders(source)
  const labels = new Set(folders.map(({ path }) => baseName(folderOf(path))))
  if (labels.size < 2 || labels.has('')) {
    const got = folders.length === 0 ? 'none' : `PNG files in ${folders[0]!.path || 'no folder'}`
    throw new HeddleError(
      'data',
      `${where}: expected clips of several labels in ${source.name}, LABEL/CLIP/FRAME.png, got ${got}. Put the frames of each clip in a folder of its own, below its label's.`,
    )
  }
  const examples: LabeledPicture[] = []
  for (const folder of folders) {
    const { path, split } = folder
    const clip = grayClip(await readFrames(folder, size))
    examples.push({ ...clip, labels: [baseName(folderOf(path))], ...(split !== undefined && { split }) })
  }
  return { examples, notes }
}

/** A color clip in gray: the mean of the three colors, from 0 to 255. */
export function grayClip({ width, height, pixels }: StyledPicture): GrayPicture {
  const gray = Uint8Array.from({ length: pixels.length / 3 }, (_, i) =>
    Math.round((255 * (pixels[3 * i]! + pixels[3 * i + 1]! + pixels[3 * i + 2]!)) / 3),
  )
  return { width, height, pixels: gray }
}

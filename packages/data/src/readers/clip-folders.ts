import { HeddleError } from '@heddle/core'
import { resizePicture } from '../features/resize-picture.ts'
import { parsePng } from '../formats/parse-png.ts'
import { baseName } from '../sources/base-name.ts'
import { dataFiles } from '../sources/data-files.ts'
import type { DataFile, DataSource } from '../sources/data-source.ts'
import { splitOfFiles } from '../splits/split-of-files.ts'
import type { StyledPicture } from './read-captioned-pictures.ts'
import type { SplitPart } from './read-examples.ts'

// T frames, H height, W width

/** A folder of PNG files: the frames of a clip. */
export interface ClipFolder {
  /** Path of the folder, with slashes. */
  readonly path: string
  /** In the order of their names, numbers by their value: `2.png` comes before `10.png`. */
  readonly frames: readonly DataFile[]
  readonly split?: SplitPart
}

const isPng = (name: string) => /\.png$/i.test(name)
const byName = new Intl.Collator('en', { numeric: true })

/** The folders with PNG files of a source; folders such as `train` and `test` above them tell a split. */
export function clipFolders(source: DataSource): { folders: readonly ClipFolder[]; notes: readonly string[] } {
  const { files, notes } = dataFiles(source, isPng)
  const byFolder = new Map<string, DataFile[]>()
  for (const file of files.filter(({ name }) => isPng(name))) {
    const folder = folderOf(file.name)
    byFolder.set(folder, [...(byFolder.get(folder) ?? []), file])
  }
  const paths = [...byFolder.keys()].sort(byName.compare)
  // The names of frames tell no split: only those of folders count.
  const split = splitOfFiles(paths.map((path) => ({ name: `${path}/`, bytes: byFolder.get(path)![0]!.bytes })))
  const folders = split.files.map(({ file, split: part }): ClipFolder => {
    const path = file.name.slice(0, -1)
    const frames = byFolder.get(path)!.toSorted((a, b) => byName.compare(a.name, b.name))
    return { path, frames, ...(part !== undefined && { split: part }) }
  })
  return { folders, notes: [...notes, ...split.notes] }
}

/** Path of the folder that a file lies in; empty without one. */
export function folderOf(path: string): string {
  return path.slice(0, -baseName(path).length - 1).replaceAll('\\', '/')
}

/** Width and height in pixels. */
export interface FrameSize {
  readonly height: number
  readonly width: number
}

/**
 * Reads the frames of a clip and scales them to the size asked for.
 *
 * @returns pixels [T, H, W, 3]
 * @throws HeddleError `format` for a damaged file
 */
export async function readFrames({ path, frames }: ClipFolder, { height, width }: FrameSize): Promise<StyledPicture> {
  const pixels = new Float32Array(frames.length * height * width * 3)
  for (const [t, file] of frames.entries()) {
    const frame = resizePicture(parsePng(await file.bytes(), { file: file.name }), width, height)
    pixels.set(frame.pixels, t * height * width * 3)
  }
  return { name: baseName(path), style: 0, width, height, pixels }
}

/**
 * Reads a clip that a folder holds.
 *
 * @param folder a file that knows the files of the folder of its name
 * @returns pixels [T, H, W, 3]
 * @throws HeddleError `data` for a file, and for a folder without PNG files or with several clips; `format` for a damaged file
 */
export async function readClipFolder(folder: DataFile, size: FrameSize): Promise<StyledPicture> {
  const files = await folder.files?.()
  const folders = files === undefined ? [] : clipFolders({ name: folder.name, files }).folders
  if (folders.length !== 1) {
    const got =
      files === undefined
        ? 'a file'
        : folders.length === 0
          ? 'a folder without them'
          : `${folders.length} folders of them`
    throw new HeddleError(
      'data',
      `${folder.name}: expected the folder of a clip with PNG files, its frames, got ${got}. Name the folder of one clip.`,
    )
  }
  return readFrames(folders[0]!, size)
}

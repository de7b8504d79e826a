import { HeddleError, show } from '@heddle/core'
import { resizePicture } from '../features/resize-picture.ts'
import { parseImageSet } from '../formats/parse-image-set.ts'
import { parsePng } from '../formats/parse-png.ts'
import { parseTsv } from '../formats/parse-tsv.ts'
import { baseName } from '../sources/base-name.ts'
import type { DataFile, DataSource } from '../sources/data-source.ts'
import type { ReadExamples, SplitExample } from './read-examples.ts'

// H height, W width

/** A picture of a thing that may be drawn in several styles. */
export interface StyledPicture {
  readonly name: string
  /** Counted from 0. */
  readonly style: number
  readonly width: number
  readonly height: number
  /** [H, W, 3], from 0 to 1. */
  readonly pixels: Float32Array
}

/** A picture with its caption. */
export interface CaptionedPicture extends SplitExample {
  readonly source: StyledPicture
  readonly target: string
}

export interface CaptionedPicturesOptions {
  /** The caller's name, for messages. */
  readonly where: string
  /** The column of captions. */
  readonly column: string
  /** Width and height in pixels that PNG pictures are scaled to. Sets of pictures keep their size. */
  readonly size: number
}

/**
 * Reads pictures and the table of their captions (`.tsv` with a header).
 *
 * The pictures are either one set, `…_STYLESxPICTURESxHxWx3_….bin[.gz]` or `…_PICTURESxHxWx3_….bin[.gz]`, in the order of the
 * table's rows, or PNG files that the table names in its column `file`, with their style, counted from 0, in `style`. Other files
 * are left out.
 *
 * @throws HeddleError `data` or `format`
 */
export async function readCaptionedPictures(
  source: DataSource,
  options: CaptionedPicturesOptions,
): Promise<ReadExamples<CaptionedPicture>> {
  const { where, column } = options
  const tables = source.files.filter(({ name }) => /\.tsv$/i.test(name))
  const sets = source.files.filter(({ name }) => /\dx\d[^/\\]*\.bin(\.gz)?$/i.test(name))
  const drawings = source.files.filter(({ name }) => /\.png$/i.test(name))
  if (tables.length !== 1 || (sets.length !== 1 && drawings.length === 0)) {
    throw new HeddleError(
      'data',
      `${where}: expected one .tsv of captions and one set of pictures or PNG files, got ${tables.length}, ${sets.length} and ${drawings.length} in ${source.name}. Name them, or their folder.`,
    )
  }
  const { name } = tables[0]!
  const { rows } = parseTsv(await tables[0]!.bytes(), { file: name, header: true })
  if (rows[0]?.[column] === undefined) {
    throw new HeddleError(
      'format',
      `${name}: expected a column '${column}' of captions, got ${Object.keys(rows[0] ?? {}).join(', ') || 'no rows'}. Name the column of captions.`,
    )
  }
  if (sets.length === 0) return fromDrawings(drawings, rows, options, name)
  const captions = rows.map((row) => row[column]!)
  return { examples: await fromSet(sets[0]!, captions), notes: [] }
}

async function fromSet(file: DataFile, captions: readonly string[]): Promise<CaptionedPicture[]> {
  const { shape, data } = await parseImageSet(await file.bytes(), { file: file.name })
  const [height, width, channels] = shape.slice(-3) as [number, number, number]
  const [styles, count] = shape.length === 5 ? [shape[0]!, shape[1]!] : [1, shape[0]!]
  if (shape.length < 4 || shape.length > 5 || channels !== 3 || count !== captions.length) {
    throw new HeddleError(
      'data',
      `${file.name}: expected ${captions.length} pictures in colors, one for each caption, got the shape ${shape.join('x')}. Pass files that belong together.`,
    )
  }
  const size = height * width * 3
  return Array.from({ length: styles * count }, (_, i) => ({
    source: {
      name: `picture ${i % count}, style ${Math.floor(i / count)}`,
      style: Math.floor(i / count),
      width,
      height,
      pixels: Float32Array.from(data.subarray(i * size, (i + 1) * size), (value) => value / 255),
    },
    target: captions[i % count]!,
  }))
}

async function fromDrawings(
  files: readonly DataFile[],
  rows: readonly Readonly<Record<string, string>>[],
  { column, size }: CaptionedPicturesOptions,
  table: string,
): Promise<ReadExamples<CaptionedPicture>> {
  const examples: CaptionedPicture[] = []
  const byName = new Map(files.flatMap((file) => [[baseName(file.name), file] as const, [file.name, file] as const]))
  for (const [i, row] of rows.entries()) {
    const wanted = row['file']
    const file =
      byName.get(wanted ?? '') ?? files.find(({ name }) => wanted?.includes('/') && name.endsWith(`/${wanted}`))
    if (file === undefined) {
      throw new HeddleError(
        'data',
        `${table}:${i + 2}: expected the name of a picture in the column 'file', got ${wanted ?? 'no such column'}. Correct the table.`,
      )
    }
    const style = Number(row['style'] ?? 0)
    if (!Number.isSafeInteger(style) || style < 0) {
      throw new HeddleError(
        'data',
        `${table}:${i + 2}: expected a style counted from 0, got ${show(row['style'])}. Correct the table.`,
      )
    }
    const picture = await readPicture(file, { height: size, width: size })
    examples.push({ source: { ...picture, style }, target: row[column]! })
  }
  const unused = files.length - new Set(rows.map((row) => row['file'])).size
  return { examples, notes: unused > 0 ? [`${unused} pictures without a caption were left out`] : [] }
}

/**
 * Reads a PNG file and scales it to the size asked for.
 *
 * @throws HeddleError `format`
 */
export async function readPicture(
  file: DataFile,
  { height, width }: { readonly height: number; readonly width: number },
): Promise<StyledPicture> {
  const picture = resizePicture(parsePng(await file.bytes(), { file: file.name }), width, height)
  return { name: baseName(file.name), style: 0, ...picture }
}

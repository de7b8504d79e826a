import { HeddleError } from '@heddle/core'
import { decodeText, parseImageSet, parsePng, parseTsv, resizePicture } from '@heddle/data'
import type { DataFile, DataSource } from '../data-source.ts'
import type { ReadExamples } from '../recipe.ts'
import type { WritingExample } from '../writing/exact-match.ts'

/** A picture, of which the same thing may be drawn in several styles. */
export interface StyledPicture {
  readonly name: string
  readonly style: number
  readonly width: number
  readonly height: number
  /** [H, W, 3], from 0 to 1. */
  readonly pixels: Float32Array
}

type Captioned = WritingExample<StyledPicture>

export interface CaptionDataOptions {
  /** The column of captions. */
  readonly column: string
  /** Pixels a side of PNG pictures once they are read; sets of pictures keep theirs. */
  readonly size: number
}

/**
 * Captioned pictures: a table (`.tsv` with a header) and either one set of pictures, `…_STYLESxPICTURESxHxWx3_….bin[.gz]` or
 * `…_PICTURESxHxWx3_….bin[.gz]`, whose pictures stand in the order of the table's rows, or PNG files that the table names in its
 * column `file` (and their style, counted from 0, in `style`). Other files are left out.
 *
 * @throws HeddleError `data` or `format`
 */
export async function readCaptions(source: DataSource, options: CaptionDataOptions): Promise<ReadExamples<Captioned>> {
  const table = source.files.filter(({ name }) => /\.tsv$/i.test(name))
  const sets = source.files.filter(({ name }) => /\d+x\d+.*\.bin(\.gz)?$/i.test(name))
  const drawings = source.files.filter(({ name }) => /\.png$/i.test(name))
  if (table.length !== 1 || (sets.length !== 1 && drawings.length === 0)) {
    throw new HeddleError(
      'data',
      `caption: expected one .tsv of captions and one set of pictures or PNG files, got ${table.length}, ${sets.length} and ${drawings.length} in ${source.name}. Name them, or their folder.`,
    )
  }
  const { name } = table[0]!
  const text = decodeText(await table[0]!.bytes(), name)
  const { rows } = parseTsv(text, { file: name, header: true })
  const captions = (rows as Record<string, string>[]).map((row) => row[options.column])
  if (captions.length === 0 || captions[0] === undefined) {
    throw new HeddleError(
      'format',
      `${name}: expected a column '${options.column}' of captions, got ${Object.keys(rows[0] ?? {}).join(', ') || 'no rows'}. Set column.`,
    )
  }
  if (sets.length === 1) return { examples: await fromSet(sets[0]!, captions as string[]), notes: [] }
  return fromDrawings(drawings, rows as Record<string, string>[], options, name)
}

async function fromSet(file: DataFile, captions: readonly string[]): Promise<Captioned[]> {
  const { shape, data } = await parseImageSet(await file.bytes(), { file: file.name })
  const [height, width, channels] = shape.slice(-3) as [number, number, number]
  const [styles, count] = shape.length === 5 ? [shape[0]!, shape[1]!] : [1, shape[0]!]
  if (shape.length < 4 || shape.length > 5 || channels !== 3 || count !== captions.length) {
    throw new HeddleError(
      'data',
      `${file.name}: expected ${captions.length} pictures in colors, as there are captions, got the shape ${shape.join('x')}.`,
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
  rows: readonly Record<string, string>[],
  { column, size }: CaptionDataOptions,
  table: string,
): Promise<ReadExamples<Captioned>> {
  const examples: Captioned[] = []
  for (const [i, row] of rows.entries()) {
    const wanted = row['file']
    const file = files.find(({ name }) => wanted !== undefined && (name === wanted || name.endsWith(`/${wanted}`)))
    if (file === undefined) {
      throw new HeddleError(
        'data',
        `${table}:${i + 2}: expected the name of a picture in the column 'file', got ${wanted ?? 'no such column'}. Correct the table.`,
      )
    }
    const picture = await readPicture(file, { height: size, width: size })
    examples.push({ source: { ...picture, style: Number(row['style'] ?? 0) }, target: row[column]! })
  }
  const unused = files.length - new Set(rows.map((row) => row['file'])).size
  return { examples, notes: unused > 0 ? [`${unused} pictures without a caption were left out`] : [] }
}

/** A PNG file in the size asked for. */
export async function readPicture(
  file: DataFile,
  { height, width }: { height: number; width: number },
): Promise<StyledPicture> {
  const picture = resizePicture(parsePng(await file.bytes(), { file: file.name }), width, height)
  return { name: file.name.split(/[/\\]/).at(-1)!, style: 0, ...picture }
}

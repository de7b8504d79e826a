import { HeddleError, show, suggest } from '@heddle/core'
import { decodeText } from '../formats/decode-text.ts'
import type { Cells } from '../formats/table.ts'
import type { DataFile, DataSource } from '../sources/data-source.ts'
import { type ClipFolder, clipFolders, type FrameSize, readFrames } from './clip-folders.ts'
import type { CaptionedPicture } from './read-captioned-pictures.ts'
import { readCells } from './read-cells.ts'
import type { ReadExamples } from './read-examples.ts'

export interface CaptionedClipsOptions extends FrameSize {
  /** The caller's name, for messages. */
  readonly where: string
  /** The column of sentences; that of the clips' folders is `clip`. */
  readonly column: string
}

/**
 * Reads clips, folders of PNG files, and the table of their sentences: TSV or CSV with a header, or JSON lines, with the path of a
 * clip's folder in `clip`. Frames are scaled to the size asked for.
 *
 * @throws HeddleError `data` for a table that names no clip, `format` for damaged files
 */
export async function readCaptionedClips(
  source: DataSource,
  { where, column, ...size }: CaptionedClipsOptions,
): Promise<ReadExamples<CaptionedPicture>> {
  const tables = source.files.filter(({ name }) => /\.(tsv|csv|jsonl|ndjson)$/i.test(name))
  const { folders, notes } = clipFolders({
    name: source.name,
    files: source.files.filter((file) => !tables.includes(file)),
  })
  if (tables.length !== 1 || folders.length === 0) {
    throw new HeddleError(
      'data',
      `${where}: expected one table of sentences (.tsv, .csv or .jsonl) and folders of PNG files, got ${tables.length} and ${folders.length} in ${source.name}. Name them, or the folder that holds both.`,
    )
  }
  const examples: CaptionedPicture[] = []
  const used = new Set<ClipFolder>()
  for (const { at, clip, sentence } of await rowsOf(tables[0]!, column)) {
    const folder = folderNamed(clip, folders, at)
    used.add(folder)
    const { split } = folder
    examples.push({
      source: await readFrames(folder, size),
      target: sentence,
      ...(split !== undefined && { split }),
    })
  }
  const unused = folders.length - used.size
  return { examples, notes: [...notes, ...(unused > 0 ? [`${unused} clips without a sentence were left out`] : [])] }
}

interface Row {
  /** File and line, for messages. */
  readonly at: string
  readonly clip: string
  readonly sentence: string
}

async function rowsOf({ name: file, bytes }: DataFile, column: string): Promise<Row[]> {
  const { names, rows } = readCells(file, decodeText(await bytes(), file))
  const header = names ?? rows[0]?.cells ?? []
  const placeOf = (wanted: string) => {
    const place = header.indexOf(wanted)
    if (place !== -1) return place
    throw new HeddleError(
      'format',
      `${file}:1: expected a column '${wanted}', got ${show(header.slice(0, 20).join(', '))}. ${suggest(wanted, header)}`,
    )
  }
  const [clipAt, sentenceAt] = [placeOf('clip'), placeOf(column)]
  const filled = (names === undefined ? rows.slice(1) : rows).map(({ line, cells, problem }: Cells): Row => {
    const at = `${file}:${line}`
    if (problem !== undefined) throw new HeddleError('format', `${at}: ${problem} Correct the table.`)
    const [clip = '', sentence = ''] = [cells[clipAt], cells[sentenceAt]]
    if (clip.trim() !== '' && sentence.trim() !== '') return { at, clip: clip.trim(), sentence: sentence.trim() }
    throw new HeddleError(
      'format',
      `${at}: expected a clip and a sentence, got ${show(clip)} and ${show(sentence)}. Correct the table.`,
    )
  })
  if (filled.length > 0) return filled
  throw new HeddleError('data', `${file}: expected a row for each clip, got none. Correct the table.`)
}

/** The folder whose path is, or ends in, the given one. */
function folderNamed(wanted: string, folders: readonly ClipFolder[], at: string): ClipFolder {
  const path = wanted.replaceAll('\\', '/').replace(/\/+$/, '')
  const found = folders.filter((folder) => folder.path === path || folder.path.endsWith(`/${path}`))
  if (found.length === 1) return found[0]!
  const got = found.length === 0 ? `'${wanted}', which none has` : `'${wanted}', which ${found.length} have`
  throw new HeddleError(
    'data',
    `${at}: expected the path of one folder of PNG files in the column 'clip', got ${got}. Correct the table.`,
  )
}

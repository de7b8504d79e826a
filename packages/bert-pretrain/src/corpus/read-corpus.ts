import { type DataSource, dataFiles, fileSize, readColumn, readPiece } from '@heddle/data'
import * as z from 'zod'
import { type CorpusPart, hasBlankLines, partSize, partsOfDocuments, partsOfFile } from './corpus-part.ts'
import { splitDocuments } from './documents.ts'

/** The settings of a corpus under `data` of a recipe. */
export const corpusFields = {
  documents: z
    .enum(['blank-lines', 'lines'])
    .optional()
    .describe(
      "what stands between documents: 'blank-lines' an empty line, 'lines' every line is a document (default: empty lines where a file has them)",
    ),
  wrapped: z
    .boolean()
    .default(false)
    .describe('whether lines are broken at a fixed width, so that their ends mean nothing'),
  text: z
    .union([z.string(), z.int().min(1)])
    .optional()
    .describe(
      'column of a table (TSV, CSV, JSON lines) whose cells are the documents, by name or number (default: plain text)',
    ),
}

export type CorpusSettings = z.output<z.ZodObject<typeof corpusFields>>

/**
 * The parts of a corpus: text files in UTF-8, which are read piece by piece, or a column of tables.
 *
 * @param where the caller's name, for messages
 */
export async function readCorpus(
  source: DataSource,
  { documents, wrapped, text }: CorpusSettings,
  where: string,
): Promise<{ examples: CorpusPart[]; notes: string[] }> {
  const { files, notes: ofFiles } = dataFiles(source)
  const notes = [...ofFiles]
  const examples: CorpusPart[] = []
  let total = 0
  for (const file of files) total += await fileSize(file)
  const size = partSize(total)
  for (const file of files) {
    if (text !== undefined) {
      const { texts, left } = await readColumn(file, text, where)
      if (left > 0) notes.push(`${file.name}: ${left.toLocaleString('en')} rows without a text are left out`)
      const found = texts.flatMap((cell) => splitDocuments(cell, { documents: documents ?? 'blank-lines', wrapped }))
      examples.push(...partsOfDocuments(found, file.name, size))
      continue
    }
    if (looksLikeTable(new TextDecoder().decode(await readPiece(file, 0, 4096)))) {
      notes.push(`${file.name}: read as plain text, though its lines have tabs; a table needs the setting data.text`)
    }
    const between = documents ?? ((await hasBlankLines(file)) ? 'blank-lines' : 'lines')
    if (documents === undefined && between === 'lines') {
      notes.push(`${file.name}: without empty lines, so each line is a document; data.documents changes it`)
    }
    examples.push(...(await partsOfFile(file, { documents: between, wrapped }, size)))
  }
  return { examples, notes }
}

function looksLikeTable(start: string): boolean {
  const lines = start.split('\n').slice(0, -1)
  return lines.length > 1 && lines.every((line) => line.includes('\t'))
}

/** A generated text as a corpus. */
export function textCorpus(text: string, { documents = 'blank-lines', wrapped }: CorpusSettings): CorpusPart[] {
  return partsOfDocuments(splitDocuments(text, { documents, wrapped }), 'text', partSize(text.length, 1))
}

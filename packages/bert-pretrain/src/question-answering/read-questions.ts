import { HeddleError } from '@heddle/core'
import {
  type DataSource,
  dataFiles,
  decodeText,
  type ReadExamples,
  type SplitExample,
  splitOfFiles,
} from '@heddle/data'
import { type AnsweredQuestion, readSquad } from '../fine-tuning/read-squad.ts'

/**
 * Reads questions from JSON files in the format of SQuAD; the names of several files may tell a split, as of `train-v2.0.json` and
 * `dev-v2.0.json`.
 *
 * @param where the caller, for messages
 * @throws HeddleError `format`, `config` or `data` for a file of another kind
 */
export async function readQuestions(
  source: DataSource,
  where: string,
): Promise<ReadExamples<AnsweredQuestion & SplitExample>> {
  const { files: chosen, notes } = dataFiles(source, (name) => /\.json$/i.test(name))
  const { files, notes: splitNotes } = splitOfFiles(chosen)
  const examples: (AnsweredQuestion & SplitExample)[] = []
  for (const { file, split } of files) {
    const questions = readSquad(parsedFile(decodeText(await file.bytes(), file.name), file.name), file.name)
    for (const question of questions) examples.push(split === undefined ? question : { ...question, split })
  }
  if (examples.length === 0) {
    throw new HeddleError('data', `${where}: expected questions in ${source.name}, got none. Give a file of SQuAD.`)
  }
  const without = examples.filter(({ answers }) => answers.length === 0).length
  const note = without > 0 ? [`${without.toLocaleString('en-US')} questions have no answer`] : []
  return { examples, notes: [...notes, ...splitNotes, ...note] }
}

export function parsedFile(text: string, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new HeddleError('format', `${file}: expected JSON, got ${(cause as Error).message}. Mend the file.`, {
      cause,
    })
  }
}

import { decodeText } from '@heddle/data'
import type { InputRow, InputSource } from '@heddle/tasks'
import type { Question } from '../fine-tuning/answer-question.ts'
import { readSquad } from '../fine-tuning/read-squad.ts'
import { parsedFile } from './read-questions.ts'

/** Usual names of the columns of questions and of the texts that answer them. */
export const QUESTION_COLUMNS: readonly (readonly [string, string])[] = [
  ['question', 'context'],
  ['question', 'passage'],
  ['question', 'text'],
  ['question', 'document'],
  ['query', 'context'],
]

type QuestionInputs = { readonly rows: AsyncIterable<InputRow<Question>> } | { readonly source: InputSource }

/** The questions of a JSON file in the format of SQuAD, whether they have answers or not; any other source as it is. */
export async function readQuestionInputs(source: InputSource): Promise<QuestionInputs> {
  if (!/\.json$/i.test(source.name)) return { source }
  const questions = readSquad(parsedFile(decodeText(await source.bytes(), source.name), source.name), source.name)
  const rows = (async function* () {
    for (const { id, question, context } of questions) yield { cells: { id, question }, input: { question, context } }
  })()
  return { rows }
}

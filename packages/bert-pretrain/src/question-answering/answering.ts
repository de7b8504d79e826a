import { HeddleError } from '@heddle/core'
import { decodeText, type Row } from '@heddle/data'
import { AbilityKind, abilityOf, openedFiles, splitPair, type Use, usePoint } from '@heddle/tasks'
import * as z from 'zod'
import type { Answer, Question } from '../fine-tuning/answer-question.ts'

/** Finds answers to questions in texts. */
export interface QuestionAnswerer {
  /** @param top number of answers for each question, the best first */
  answer(questions: readonly Question[], top?: number): Promise<readonly (readonly Answer[])[]>
}

export const answering = new AbilityKind<QuestionAnswerer>('answer')

/** `heddle answer`: the answers to questions that a text holds. */
export const answerUse = usePoint.of({
  name: 'answer',
  summary: 'find the answers to questions in a text with a trained run',
  config: z.strictObject({
    context: z
      .string()
      .optional()
      .describe("the text that holds the answers; without it each input is 'question ||| text'"),
    contextFile: z.string().optional().describe('a file with that text'),
    top: z.int().min(1).default(3).describe('number of answers for each question'),
  }),
  create: ({ context, contextFile, top }, opened) => {
    if (context !== undefined && contextFile !== undefined) {
      throw new HeddleError('usage', 'answer: expected either context or contextFile, got both. Leave one out.')
    }
    const answerer = abilityOf(opened, answering)
    const isGiven = context !== undefined || contextFile !== undefined
    const use: Use = async (inputs, { read } = {}) => {
      const [file] = contextFile === undefined ? [] : openedFiles([contextFile], opened)
      const text = file === undefined ? context : decodeText(await file.bytes(), file.name)
      const questions = inputs.map((input, i): Question => {
        if (text !== undefined) return { question: input, context: text }
        if (read !== undefined) return read[i] as Question
        const [question, own] = splitPair(input)
        return { question, context: own }
      })
      const found = await answerer.answer(questions, top)
      return {
        outputs: found.map((answers) => answers.map(line).join('\n')),
        json: questions.map(({ question }, i) => ({ question, answers: found[i] })),
        rows: found.map(([best, ...others]) => ({
          ...answerRow(best),
          ...(top > 1 && { others: others.map(({ answer }) => answer) }),
        })),
      }
    }
    // With a text for all of them, an input is a question alone.
    return isGiven ? Object.assign(use, { input: { kind: 'text', read: String } as const }) : use
  },
})

/** An answer as columns of a file; no answer is empty. */
export const answerRow = ({ answer = '', probability = 0, start = 0, end = 0 }: Partial<Answer> = {}): Row => ({
  ...{ prediction: answer, score: probability },
  ...{ start, end },
})

/** An answer with its probability and its place in the text. */
function line({ answer, probability, start, end }: Answer): string {
  const percent = `${(100 * probability).toFixed(1).padStart(5)} %`
  return answer === '' ? `${percent}  (no answer)` : `${percent}  ${answer}  (${start}-${end})`
}

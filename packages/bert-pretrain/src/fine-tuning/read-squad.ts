import { HeddleError, parseConfig } from '@heddle/core'
import * as z from 'zod'
import type { Question } from './answer-question.ts'

/** A right answer: a range of the context. */
export interface RightAnswer {
  readonly text: string
  /** Range in the context, in UTF-16 units. */
  readonly start: number
  readonly end: number
}

/** A question with its right answers; without any, the context does not answer it. */
export interface AnsweredQuestion extends Question {
  readonly id: string
  readonly answers: readonly RightAnswer[]
}

const squad = z.object({
  data: z.array(
    z.object({
      paragraphs: z.array(
        z.object({
          context: z.string(),
          qas: z.array(
            z.object({
              id: z.union([z.string(), z.number()]).transform(String),
              question: z.string(),
              is_impossible: z.boolean().default(false),
              answers: z.array(z.object({ text: z.string(), answer_start: z.int().min(0) })).default([]),
            }),
          ),
        }),
      ),
    }),
  ),
})

/**
 * Reads questions in the JSON format of SQuAD 1 or 2, or KorQuAD 1. Starts of answers are counted in code points there.
 *
 * @param json parsed
 * @param where the file, for messages
 * @throws HeddleError `config` for another format, `data` for an answer that is not in its context
 */
export function readSquad(json: unknown, where = 'SQuAD file'): AnsweredQuestion[] {
  const { data } = parseConfig(where, squad, json)
  return data.flatMap(({ paragraphs }) =>
    paragraphs.flatMap(({ context, qas }) => {
      const units = unitsOf(context)
      return qas.map(({ id, question, is_impossible, answers }): AnsweredQuestion => {
        const found = is_impossible ? [] : answers.map((answer) => placed(answer, context, units, `${where}: '${id}'`))
        return { id, question, context, answers: found }
      })
    }),
  )
}

/** The UTF-16 unit at which each code point starts; the end comes last. */
function unitsOf(text: string): number[] {
  const units: number[] = []
  let at = 0
  for (const character of text) {
    units.push(at)
    at += character.length
  }
  return [...units, at]
}

function placed(
  { text, answer_start }: { readonly text: string; readonly answer_start: number },
  context: string,
  units: readonly number[],
  where: string,
): RightAnswer {
  const start = units[answer_start] ?? context.length
  const end = start + text.length
  if (context.slice(start, end) !== text) {
    throw new HeddleError(
      'data',
      `${where}: expected the answer ${JSON.stringify(text)} at character ${answer_start} of its context, got ${JSON.stringify(context.slice(start, end))}. Mend the file.`,
    )
  }
  return { text, start, end }
}

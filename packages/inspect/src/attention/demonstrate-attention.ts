import { isHeddleError } from '@heddle/core'
import { type Demonstration, demonstrationPoint, pairReading, type Task, textReading } from '@heddle/tasks'
import * as z from 'zod'
import { headAttention } from './head-attention.ts'

/** Examples among which one is chosen, and the length that is easiest to read. */
const CANDIDATES = 40
const BEST_LENGTH = 48
const LEAST_LENGTH = 2

/** The attention heads of a model on an unseen example, for the report of a run; nothing for models without heads. */
export const attentionDemonstration = demonstrationPoint.of({
  name: 'attention',
  summary: 'attention by layer and head on an unseen example',
  config: z.strictObject({}),
  create: (): Demonstration => async (task, unseen) => {
    // Cut in half until it fits the model, whose context may be short.
    for (let text = (await exampleText(task, unseen)) ?? ''; text.length >= LEAST_LENGTH; text = firstHalf(text)) {
      try {
        const exhibit = await headAttention(task, text)
        return exhibit === undefined ? [] : [exhibit]
      } catch (error) {
        if (!isHeddleError(error)) throw error
      }
    }
    return []
  },
})

const firstHalf = (text: string) => [...text].slice(0, Math.floor([...text].length / 2)).join('')

/** The text of the example whose length is nearest to the best one. */
async function exampleText(task: Task, unseen: readonly unknown[]): Promise<string | undefined> {
  const { abilities } = task.pipeline
  const pairs = pairReading.find(abilities)
  const reader = textReading.find(abilities)
  const off = (text: string) => Math.abs(text.length - BEST_LENGTH)
  let best: string | undefined
  for (const example of unseen.slice(0, CANDIDATES)) {
    const text = pairs?.sourceOf(example as never) ?? (await reader?.textOf?.(example as never))
    if (text !== undefined && (best === undefined || off(text) < off(best))) best = text
    // Others may have to be read from a file.
    if (best?.length === BEST_LENGTH) break
  }
  return best
}

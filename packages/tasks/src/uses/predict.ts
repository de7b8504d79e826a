import * as z from 'zod'
import { openedFiles } from './opened-files.ts'
import { usePoint } from './use.ts'

/** `heddle predict`: the prediction of any task, for texts or files. */
export const predictUse = usePoint.of({
  name: 'predict',
  summary: 'classify texts or files, tag sentences, or forecast a series with a trained run',
  config: z.strictObject({
    isSplit: z.boolean().default(false).describe('texts are words with spaces between them, as in a tagged corpus'),
  }),
  create: ({ isSplit }, context) => {
    const { task } = context
    return async (inputs) => {
      const { input, format, row } = task.pipeline
      const read: unknown[] = []
      if (input.kind === 'text') read.push(...inputs.map((text) => input.read(text, { isSplit })))
      else for (const file of openedFiles(inputs, context)) read.push(await input.read(file))
      const predictions: readonly unknown[] = await task.predict(read, { signal: context.signal })
      return {
        outputs: predictions.map((prediction) => format(prediction)),
        json: predictions.map((prediction, i) => ({ input: inputs[i], prediction })),
        rows: predictions.map((prediction) => row?.(prediction) ?? { prediction: format(prediction) }),
      }
    }
  },
})

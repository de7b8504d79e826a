import * as z from 'zod'
import { splitPair } from '../text-pair/read-pair-text.ts'
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
    return async (inputs, { read } = {}) => {
      const { input, format, row } = task.pipeline
      const own = async () => {
        if (input.kind === 'text') return inputs.map((text) => input.read(text, { isSplit }))
        if (input.kind === 'pair') return inputs.map((line) => input.read(splitPair(line)))
        const files: unknown[] = []
        for (const file of openedFiles(inputs, context)) files.push(await input.read(file))
        return files
      }
      const predictions: readonly unknown[] = await task.predict(read ?? (await own()), { signal: context.signal })
      return {
        outputs: predictions.map((prediction) => format(prediction)),
        json: predictions.map((prediction, i) => ({ input: inputs[i], prediction })),
        rows: predictions.map((prediction) => row?.(prediction) ?? { prediction: format(prediction) }),
      }
    }
  },
})

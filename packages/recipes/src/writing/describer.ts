import type { DataFile } from '@heddle/data'
import * as z from 'zod'
import { openedFiles } from '../predictor.ts'
import type { Translation } from '../recipe.ts'
import { abilityOf, usePoint } from '../use.ts'

/** Writes a text about a file: the caption of a picture, the words of a recording. */
export interface Describer {
  describe(
    files: readonly DataFile[],
    options: { beamWidth: number; maxLength: number },
  ): Promise<readonly Translation[]>
}

export const describeUse = usePoint.of({
  name: 'describe',
  summary: 'caption pictures (PNG) or write down recordings (WAV) with a trained run',
  config: z.strictObject({
    beamWidth: z.int().min(1).default(3).describe('sequences followed at once; 1 takes the best token at each step'),
    maxLength: z.int().min(1).default(60).describe('longest text, in tokens'),
    attention: z.boolean().default(false).describe('show where the model looked'),
  }),
  create: ({ beamWidth, maxLength, attention }, context) => {
    const describer = abilityOf(context, 'describer', 'describe')
    return async (inputs) => {
      const written = await describer.describe(openedFiles(inputs, context), { beamWidth, maxLength })
      return {
        outputs: written.map(({ text }) => text),
        json: written.map(({ text, logProbability, attention: map }, i) => ({
          file: inputs[i],
          text,
          logProbability,
          ...(attention && { attention: map }),
        })),
        ...(attention && { translations: written }),
      }
    }
  },
})

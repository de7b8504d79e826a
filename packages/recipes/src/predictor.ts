import { HeddleError } from '@heddle/core'
import type { DataFile } from '@heddle/data'
import * as z from 'zod'
import { abilityOf, type UseContext, usePoint } from './use.ts'

/** What a model says about one input. */
export interface Prediction {
  /** For people: `positive (98 %)`. */
  readonly text: string
  /** The same as data. */
  readonly json: unknown
}

export interface PredictOptions {
  /** Opens a file that an input names, for models that read files. */
  openFile?(path: string): DataFile
}

/** Says something about inputs: the label of a text or a picture, the tags of a sentence, how a series goes on. */
export interface Predictor {
  predict(inputs: readonly string[], options?: PredictOptions): Promise<readonly Prediction[]>
}

/**
 * The files that inputs name.
 *
 * @throws HeddleError `usage` where the application does not open files
 */
export function openedFiles(inputs: readonly string[], { openFile }: PredictOptions = {}): DataFile[] {
  if (openFile === undefined) {
    throw new HeddleError('usage', 'files: expected an application that opens files, got one that does not.')
  }
  return inputs.map((path) => openFile(path))
}

/** The run's predictor; a run that writes a text about a file predicts that. */
function predictorOf(context: UseContext): Predictor {
  const { describer, predictor } = context.run.pipeline.abilities
  if (predictor !== undefined || describer === undefined) return abilityOf(context, 'predictor', 'predict')
  return {
    predict: async (inputs, options) => {
      const written = await describer.describe(openedFiles(inputs, options), { beamWidth: 3, maxLength: 60 })
      return written.map(({ text, logProbability }) => ({ text, json: { text, logProbability } }))
    },
  }
}

export const predictUse = usePoint.of({
  name: 'predict',
  summary: 'classify texts or files, tag sentences, or forecast a series with a trained run',
  config: z.strictObject({}),
  create: (_, context) => {
    const predictor = predictorOf(context)
    return async (inputs) => {
      const predictions = await predictor.predict(inputs, context)
      return {
        outputs: predictions.map(({ text }) => text),
        json: predictions.map(({ json }, i) => ({ input: inputs[i], prediction: json })),
      }
    }
  },
})

import { z } from 'zod'
import { abilityOf, usePoint } from './use.ts'

/** What a model says about one input. */
export interface Prediction {
  /** For people: `positive (98 %)`. */
  readonly text: string
  /** The same as data. */
  readonly json: unknown
}

/** Says something about inputs: the label of a text, the tags of a sentence, how a series goes on. */
export interface Predictor {
  predict(inputs: readonly string[]): Promise<readonly Prediction[]>
}

export const predictUse = usePoint.of({
  name: 'predict',
  summary: 'classify or tag texts, or forecast a series, with a trained run',
  config: z.strictObject({}),
  create: (_, context) => {
    const predictor = abilityOf(context, 'predictor', 'predict')
    return async (inputs) => {
      const predictions = await predictor.predict(inputs)
      return {
        outputs: predictions.map(({ text }) => text),
        json: predictions.map(({ json }, i) => ({ input: inputs[i], prediction: json })),
      }
    }
  },
})

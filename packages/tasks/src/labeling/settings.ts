import * as z from 'zod'
import { trainingFields } from '../task/training-settings.ts'

/** The settings under `training` of tasks that predict labels. */
export const labelTrainingFields = {
  ...trainingFields,
  monitor: trainingFields.monitor.default('accuracy'),
  labelSmoothing: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe('share of the probability that the loss spreads over all labels'),
}

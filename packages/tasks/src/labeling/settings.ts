import * as z from 'zod'
import { labelSmoothing, trainingFields } from '../task/training-settings.ts'

/** Weights of labels in the training loss, as settings write them. */
export type ClassWeights = 'balanced' | Readonly<Record<string, number>>

/** The settings under `training` of tasks that predict labels. */
export const labelTrainingFields = {
  ...trainingFields,
  monitor: trainingFields.monitor.default('accuracy'),
  labelSmoothing: labelSmoothing('labels'),
  classWeights: z
    .union([z.literal('balanced'), z.record(z.string(), z.number().min(0))])
    .optional()
    .describe(
      "weights of the labels in the training loss: 'balanced' gives rare labels as much as frequent ones, or { label: weight }; others have 1 (default: all alike)",
    ),
}

/** The setting `training.shift` of tasks on pictures. */
export const shiftField = z
  .int()
  .min(0)
  .default(2)
  .describe('pixels by which training moves pictures at random, in both directions')

/** The same of tasks that label each step. */
export const stepTrainingFields = {
  ...labelTrainingFields,
  monitor: z
    .string()
    .optional()
    .describe(
      'validation metric by which the best weights and patience are judged (default: spanF1 where labels are B-type and I-type, otherwise accuracy)',
    ),
}

/** The setting `constrained` of tasks whose labels may tag spans. */
export const constrainedField = z
  .boolean()
  .default(false)
  .describe(
    'whether labels B-type and I-type follow each other as they may: the most probable valid sequence instead of the most probable label of each word',
  )

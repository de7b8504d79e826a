import { ownMetrics, shiftField, type TaskConfig, trainingFields } from '@heddle/tasks'
import * as z from 'zod'

/** The settings that the pretext tasks on pictures share. */
export const pictureFields = {
  grid: z
    .int()
    .min(2)
    .max(16)
    .default(4)
    .describe('number of patches in a row and in a column of a picture, which it must divide'),
  training: z
    .strictObject({
      ...trainingFields,
      shift: shiftField,
    })
    .prefault({})
    .describe('steps, batches, learning rate and validation'),
  metrics: ownMetrics,
}

export interface PretextConfig extends TaskConfig {
  readonly grid: number
  readonly training: TaskConfig['training'] & { readonly shift: number }
}

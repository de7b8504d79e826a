import * as z from 'zod'
import { constraintFields } from '../task/decoding-constraints.ts'
import { labelSmoothing, trainingFields } from '../task/training-settings.ts'

/** The settings under `training` of tasks that write text. */
export const trainingSettings = z
  .strictObject({
    ...trainingFields,
    labelSmoothing: labelSmoothing('tokens'),
    scheduledSampling: z
      .number()
      .min(0)
      .max(1)
      .default(0)
      .describe('share of decoder steps that are given the own last token, reached halfway through training'),
  })
  .prefault({})
  .describe('steps, batches, learning rate and validation')

/** Settings by which beam search ranks sequences and ends. */
export const beamFields = {
  lengthPenalty: z
    .number()
    .optional()
    .describe('beam search: above 0 favors long texts, below 0 short ones (default: 1)'),
  earlyStopping: z
    .boolean()
    .optional()
    .describe('beam search: end as soon as it has beamWidth complete texts (default: when no better one is likely)'),
}

/** The settings under `decoding` of tasks that write text. */
export const decodingSettings = z
  .strictObject({
    maxLength: z.int().min(1).default(60).describe('longest output, in tokens'),
    beamWidth: z
      .int()
      .min(1)
      .default(1)
      .describe('sequences followed at once in evaluation; 1 takes the best token at each step'),
    ...beamFields,
    ...constraintFields,
  })
  .prefault({})
  .describe('search and length of the outputs')

export interface SequenceToTextConfig {
  readonly training: z.output<typeof trainingSettings>
  readonly decoding: z.output<typeof decodingSettings>
}

import * as z from 'zod'

export const tokenInput = z.strictObject({
  vocabSize: z.int().min(1).describe('number of different tokens'),
  numLetters: z
    .int()
    .min(1)
    .optional()
    .describe('number of different letters, where tokens are words; for models that read their spelling'),
})

export const vectorInput = z.strictObject({
  featureSize: z.int().min(1).describe('numbers in each step, such as the bands of a spectrum'),
})

export const pictureInput = z.strictObject({
  height: z.int().min(1).describe('pixels in a column'),
  width: z.int().min(1).describe('pixels in a row'),
  channels: z.int().min(1).default(3).describe('numbers in each pixel: 1 for gray, 3 for color'),
})

/**
 * Kind and size of the data that an encoder reads. They follow from the data, so a task fills them in.
 *
 * - tokens `{ vocabSize }`: int32 ids [B, T]
 * - vectors `{ featureSize }`: [B, T, featureSize]
 * - pictures `{ height, width, channels }`: [B, height, width, channels]
 */
export const encoderInput = z
  .union([tokenInput, vectorInput, pictureInput])
  .describe('size of the data: tokens { vocabSize }, vectors { featureSize } or pictures { height, width, channels }')
export type EncoderInput = z.input<typeof encoderInput>

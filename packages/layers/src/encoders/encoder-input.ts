import * as z from 'zod'

export const tokenInput = z.strictObject({
  vocabSize: z.int().min(1).describe('number of different tokens'),
  numLetters: z
    .int()
    .min(1)
    .optional()
    .describe('number of different letters, where tokens are words; for models that read their spelling'),
  attributes: z
    .strictObject({
      numAttributes: z.int().min(1).describe('number of different lexical attributes'),
      perWord: z.int().min(1).describe('number of them that a word has'),
    })
    .optional()
    .describe('lexical attributes of words, such as their ends, for models that read them'),
})

export const pictureInput = z.strictObject({
  height: z.int().min(1).describe('pixels in a column'),
  width: z.int().min(1).describe('pixels in a row'),
  channels: z.int().min(1).default(3).describe('numbers in each pixel: 1 for gray, 3 for color'),
})

export const vectorInput = z.strictObject({
  featureSize: z.int().min(1).describe('numbers in each step, such as the bands of a spectrum'),
  frame: pictureInput
    .optional()
    .describe('size of the picture that each step of a clip is, row by row; for encoders that read it as one'),
})

/**
 * Kind and size of the data that an encoder reads. They follow from the data, so a task fills them in.
 *
 * - tokens `{ vocabSize }`: int32 ids [B, T]
 * - vectors `{ featureSize }`: [B, T, featureSize]; those of a clip say that they are pictures, `{ featureSize, frame }`
 * - pictures `{ height, width, channels }`: [B, height, width, channels]
 */
export const encoderInput = z
  .union([tokenInput, vectorInput, pictureInput])
  .describe('size of the data: tokens { vocabSize }, vectors { featureSize } or pictures { height, width, channels }')
export type EncoderInput = z.input<typeof encoderInput>

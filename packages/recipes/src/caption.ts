import { readCaptionedPictures } from '@heddle/data'
import { drawnScenes, SCENE_SIZE } from '@heddle/synthetic'
import { imageToText, nearestPicture, recipe, splitByStyle } from '@heddle/tasks'
import * as z from 'zod'

/**
 * Captions of pictures with attention over their regions, tested on a style of drawing that training has not seen.
 *
 * @see Xu et al. 2015, "Show, attend and tell: neural image caption generation with visual attention"
 */
export const caption = recipe({
  name: 'caption',
  summary: 'captions of pictures with attention over their regions (built-in: shapes in three styles)',
  task: imageToText,
  data: {
    count: 8000,
    validation: 200,
    test: 1000,
    fields: {
      testStyle: z
        .int()
        .min(-1)
        .default(-1)
        .describe('drawing style that is held out for the test, from 0; -1 for the last'),
      column: z.string().default('en').describe('column of captions in the table of given data'),
      size: z.int().min(4).default(SCENE_SIZE).describe('width and height in pixels to which PNG pictures are scaled'),
    },
    format: 'a table of captions (.tsv) with a set of pictures (…_STYLESxPICTURESxHxWx3_….bin.gz) or PNG files',
    builtIn: ({ count }, rng) => drawnScenes(count, rng),
    read: (source, { column, size }) => readCaptionedPictures(source, { where: 'caption', column, size }),
    split: (pictures, config, seed) => splitByStyle(pictures, config, seed, config.testStyle),
  },
  defaults: {
    model: {
      type: 'recurrent-seq2seq',
      encoder: { type: 'convolutional', blocks: [32, 64, 128], summarySize: 256, dropout: 0.1 },
      bridge: 'linear',
      embeddingSize: 64,
      hiddenSize: 192,
      attention: 'additive',
      dropout: 0.1,
    },
    training: { steps: 1200, batchSize: 64, learningRate: 3e-3, warmupSteps: 60, evaluateEvery: 200 },
    decoding: { maxLength: 30, beamWidth: 3 },
    metrics: ['exactMatch', 'chrf'],
  },
  expected: { exactMatch: 0.9 },
  // Real pictures vary more than drawn scenes: training takes longer, in smaller steps.
  forData: () => ({ training: { steps: 4000, learningRate: 2e-3, evaluateEvery: 400, monitor: 'chrf' } }),
  baseline: nearestPicture,
})

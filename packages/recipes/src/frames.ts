import { readIdxPictures } from '@heddle/data'
import { movingShapes } from '@heddle/synthetic'
import { frameClassification, nearestMean, recipe } from '@heddle/tasks'
import * as z from 'zod'

/** Many to many in step: a label for every frame of a clip. */
export const frames = recipe({
  name: 'frames',
  summary: 'a label for every frame of a clip (built-in: what a moving shape does)',
  task: frameClassification,
  data: {
    count: 3000,
    fields: {
      frames: z.int().min(2).default(20).describe('frames of each built-in clip'),
      size: z.int().min(8).default(12).describe('width and height in pixels of built-in clips'),
    },
    format: 'two IDX files, clips [N, T, height, width] and labels [N, T], or a folder that holds them',
    builtIn: ({ count, frames, size }, rng) => movingShapes(count, rng, { frames, size }),
    read: (source) => readIdxPictures(source, { where: 'frames', clips: true }),
  },
  defaults: {
    model: { type: 'recurrent-tagger', hiddenSize: 128, numLayers: 2, cell: 'gru', bidirectional: true, dropout: 0.1 },
    training: { steps: 1500, batchSize: 64, learningRate: 4e-3, warmupSteps: 50, evaluateEvery: 250 },
  },
  expected: { accuracy: 0.95 },
  baseline: nearestMean,
})

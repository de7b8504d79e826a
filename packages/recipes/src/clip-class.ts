import { readLabeledClips } from '@heddle/data'
import { shapeMotions } from '@heddle/synthetic'
import { frameClassification, nearestMean, recipe } from '@heddle/tasks'
import * as z from 'zod'

/**
 * Many to one: the frames of a clip are read one by one, and then the clip is given a label.
 *
 * @see Donahue et al. 2015, "Long-term recurrent convolutional networks for visual recognition and description"
 */
export const clipClass = recipe({
  name: 'clip-class',
  summary: 'one label for a whole clip (built-in: how a shape moves)',
  task: frameClassification,
  data: {
    count: 2000,
    validation: 200,
    test: 400,
    fields: {
      size: z
        .int()
        .min(8)
        .default(14)
        .describe('width and height in pixels of built-in clips; frames of given clips are scaled to it'),
    },
    format: 'folders of PNG files, the frames of gray clips: LABEL/CLIP/FRAME.png',
    builtIn: ({ count, size }, rng) => shapeMotions(count, rng, { size }),
    read: (source, { size }) => readLabeledClips(source, { where: 'clip-class', height: size, width: size }),
  },
  defaults: {
    labels: 'clips',
    model: {
      type: 'classifier',
      encoder: {
        type: 'frames',
        frame: { blocks: [8, 16], summarySize: 48 },
        encoder: { type: 'recurrent', hiddenSize: 48, cell: 'gru', bidirectional: false },
      },
    },
    training: { steps: 300, batchSize: 32, learningRate: 4e-3, warmupSteps: 30, evaluateEvery: 100 },
  },
  expected: { accuracy: 0.97 },
  baseline: nearestMean,
})

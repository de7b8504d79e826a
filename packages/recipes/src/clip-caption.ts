import { readCaptionedClips } from '@heddle/data'
import { movingScenes } from '@heddle/synthetic'
import { imageToText, nearestPicture, recipe } from '@heddle/tasks'
import * as z from 'zod'

/**
 * Video to text: convolutional features of each frame, an encoder over the frames, and a decoder that attends to them.
 *
 * @see Venugopalan et al. 2015, "Sequence to sequence – video to text"; Yao et al. 2015, "Describing videos by exploiting temporal
 * structure" for attention over frames
 */
export const clipCaption = recipe({
  name: 'clip-caption',
  summary: 'a sentence about a clip, with attention over its frames (built-in: colored shapes that move)',
  task: imageToText,
  data: {
    count: 3000,
    validation: 150,
    test: 300,
    fields: {
      events: z.int().min(1).default(2).describe('largest number of events of a built-in clip'),
      column: z.string().default('caption').describe('column of sentences in the table of given data'),
      size: z
        .int()
        .min(8)
        .default(16)
        .describe('width and height in pixels of built-in clips; frames of given clips are scaled to it'),
    },
    format:
      'a table (.tsv, .csv, .jsonl) with the columns clip, a folder of PNG files, and caption; with the folders that it names',
    builtIn: ({ count, events, size }, rng) => movingScenes(count, rng, { events, size }),
    read: (source, { column, size }) =>
      readCaptionedClips(source, { where: 'clip-caption', column, height: size, width: size }),
  },
  defaults: {
    source: 'clips',
    model: {
      type: 'recurrent-seq2seq',
      encoder: {
        type: 'frames',
        frame: { blocks: [12, 24, 32], summarySize: 96 },
        encoder: { type: 'recurrent', hiddenSize: 64, cell: 'gru' },
      },
      embeddingSize: 32,
      hiddenSize: 128,
      attention: 'additive',
    },
    training: { steps: 900, batchSize: 32, learningRate: 4e-3, warmupSteps: 50, evaluateEvery: 300 },
    decoding: { maxLength: 30 },
    metrics: ['exactMatch', 'chrf'],
  },
  expected: { exactMatch: 0.95 },
  baseline: nearestPicture,
})

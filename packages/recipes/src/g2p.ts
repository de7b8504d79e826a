import { readPronunciations } from '@heddle/data'
import { spelledWords } from '@heddle/synthetic'
import { nearestText, recipe, textToText } from '@heddle/tasks'
import * as z from 'zod'

/**
 * The sounds of a spelled word: letters are read, phones are written.
 *
 * @see Yao & Zweig 2015, "Sequence-to-sequence neural net models for grapheme-to-phoneme conversion"
 */
export const g2p = recipe({
  name: 'g2p',
  summary: 'the phones of a spelled word (built-in: invented words with English spelling rules)',
  task: textToText,
  data: {
    count: 10_000,
    validation: 500,
    test: 2000,
    fields: {
      stress: z
        .boolean()
        .default(false)
        .describe('whether vowels of the CMU dictionary keep the digit of their stress, as AH0'),
    },
    format:
      'a pronunciation dictionary: a word in each line, then its phones with spaces between them (CMU dictionary, TSV)',
    builtIn: ({ count }, rng) => spelledWords(count, rng),
    read: (source, { stress }) => readPronunciations(source, { where: 'g2p', stress }),
  },
  defaults: {
    model: { type: 'recurrent-seq2seq', embeddingSize: 64, hiddenSize: 128, attention: 'additive', dropout: 0.2 },
    tokenizer: { sourceUnits: 'characters', targetUnits: 'symbols' },
    training: {
      steps: 400,
      batchSize: 96,
      learningRate: 4e-3,
      warmupSteps: 50,
      evaluateEvery: 100,
      monitor: 'phoneErrorRate',
    },
    decoding: { maxLength: 40, beamWidth: 3 },
    metrics: ['phoneErrorRate'],
  },
  expected: { phoneErrorRate: 0.01 },
  // A dictionary of a language has exceptions to its rules. A large one is read six times, too few to be learned by heart: it needs hardly
  // any dropout, and small batches for more steps.
  forData: ({ numTraining }) =>
    numTraining < 50_000
      ? { model: { hiddenSize: 256 }, training: { steps: 2000, evaluateEvery: 500 } }
      : {
          model: { hiddenSize: 256, dropout: 0.05 },
          training: {
            steps: 12_000,
            batchSize: 64,
            labelSmoothing: 0.1,
            evaluateEvery: 1000,
            monitor: 'tokenAccuracy',
          },
        },
  baseline: nearestText,
})

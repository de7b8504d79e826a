import { readSounds } from '@heddle/data'
import { spokenDigits as speak } from '@heddle/synthetic'
import { nearestSound, recipe, speechToText, splitByTake } from '@heddle/tasks'
import * as z from 'zod'

const DIGITS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine']

/** '42' as 'four two'; a label that is not digits stays as it is. */
const spelledOut = (label: string) =>
  /^\d+$/.test(label) ? [...label].map((digit) => DIGITS[Number(digit)]).join(' ') : label

/** Speech to text: recordings of spoken digits are written down letter by letter. */
export const spokenDigits = recipe({
  name: 'spoken-digits',
  summary: 'speech to text: writes down spoken digits (built-in: synthetic speech)',
  task: speechToText,
  data: {
    count: 2500,
    validation: 60,
    test: 300,
    fields: {
      longest: z.int().min(1).default(3).describe('largest number of digits in a built-in clip'),
    },
    format: 'a folder of WAV files named by their digits: 7_anna_0.wav',
    builtIn: ({ count, longest }, rng) => speak(count, rng, { longest }),
    async read(source) {
      const { examples, notes } = await readSounds(source, { where: 'spoken-digits' })
      return { examples: examples.map((clip) => ({ ...clip, target: spelledOut(clip.target) })), notes }
    },
    // Takes below 5 are the test part of numbered recordings, as the Free Spoken Digit Dataset has it.
    split: (clips, config, seed) => splitByTake(clips, config, seed, 5),
  },
  defaults: {
    model: { type: 'recurrent-seq2seq', embeddingSize: 32, hiddenSize: 128, attention: 'additive', dropout: 0.2 },
    training: {
      steps: 1000,
      batchSize: 32,
      learningRate: 3e-3,
      warmupSteps: 60,
      evaluateEvery: 150,
      monitor: 'characterErrorRate',
    },
    decoding: { maxLength: 40, beamWidth: 3 },
    metrics: ['exactMatch', 'characterErrorRate'],
  },
  expected: { exactMatch: 0.95 },
  baseline: nearestSound,
})

import * as z from 'zod'
import { type TrainingDefaults, trainingFields } from '../training-settings.ts'
import { heldOutFields, networkFields, type WritingDefaults, writingFields } from '../writing/writing-settings.ts'
import { type TextUnits, textUnits } from './text-tokenizer.ts'

/** The defaults that recipes differ in. */
export interface TextToTextDefaults {
  readonly pairs: number
  readonly units: TextUnits
  readonly vocabSize: number
  readonly maxLength: number
  /** What may be monitored besides the loss. */
  readonly scores: readonly string[]
}

interface SharedDefaults extends WritingDefaults, TrainingDefaults {
  readonly dropout: number
}

const SHARED: Omit<SharedDefaults, 'maxLength'> = {
  dropout: 0.1,
  batchSize: 64,
  steps: 800,
  learningRate: 4e-3,
  warmupSteps: 50,
  evaluateEvery: 200,
}

/** The config schema of a text-to-text recipe with its defaults. */
export function textToTextConfig({ scores, ...own }: TextToTextDefaults & Partial<SharedDefaults>) {
  const defaults = { ...SHARED, ...own }
  return z.strictObject({
    pairs: z.int().min(100).default(defaults.pairs).describe('how many pairs of built-in data are generated'),
    ...heldOutFields({ validation: 500, test: 1000 }),
    units: textUnits.default(defaults.units),
    vocabSize: z.int().min(8).default(defaults.vocabSize).describe('most tokens of each side'),
    minFrequency: z.int().min(1).default(1).describe('how often a word, or a pair of parts, must occur to be known'),
    ...networkFields({ embeddingSize: 128, hiddenSize: 192, dropout: defaults.dropout }),
    ...writingFields(defaults),
    ...trainingFields({ ...defaults, monitors: ['loss', 'tokenAccuracy', ...scores] }),
  })
}

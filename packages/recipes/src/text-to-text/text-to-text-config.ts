import { z } from 'zod'
import { type TrainingDefaults, trainingFields } from '../training-settings.ts'
import { heldOutFields, networkFields, type WritingDefaults, writingFields } from '../writing/writing-settings.ts'
import { type TextUnits, textUnits } from './text-tokenizer.ts'

export interface TextToTextDefaults extends WritingDefaults, TrainingDefaults {
  readonly pairs: number
  readonly units: TextUnits
  readonly vocabSize: number
  readonly embeddingSize: number
  readonly hiddenSize: number
  readonly dropout: number
}

/** The config schema of a text-to-text recipe with its defaults. */
export function textToTextConfig(defaults: TextToTextDefaults) {
  return z.strictObject({
    pairs: z.int().min(100).default(defaults.pairs).describe('how many pairs of built-in data are generated'),
    ...heldOutFields({ validation: 500, test: 1000 }),
    units: textUnits.default(defaults.units),
    vocabSize: z.int().min(8).default(defaults.vocabSize).describe('most tokens of each side'),
    minFrequency: z.int().min(1).default(1).describe('how often a word, or a pair of parts, must occur to be known'),
    ...networkFields(defaults),
    ...writingFields(defaults),
    ...trainingFields(defaults),
  })
}

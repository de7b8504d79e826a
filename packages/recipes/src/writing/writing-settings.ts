import * as z from 'zod'

/** How a recipe that writes sequences trains and writes; every such recipe's config has these fields. */
export interface WritingSettings {
  readonly batchSize: number
  readonly maxLength: number
  readonly beamWidth: number
  readonly labelSmoothing: number
  readonly scheduledSampling: number
  readonly steps: number
}

export interface WritingDefaults {
  readonly batchSize: number
  readonly maxLength: number
  readonly beamWidth?: number
  readonly labelSmoothing?: number
  readonly scheduledSampling?: number
}

/** The config fields of {@link WritingSettings} that are not of training alone, to be spread into a recipe's schema. */
export function writingFields(defaults: WritingDefaults) {
  return {
    batchSize: z.int().min(1).default(defaults.batchSize).describe('examples in a batch'),
    maxLength: z.int().min(1).default(defaults.maxLength).describe('longest output, in tokens'),
    beamWidth: z
      .int()
      .min(1)
      .default(defaults.beamWidth ?? 1)
      .describe('sequences followed at once in the evaluation; 1 takes the best token at each step'),
    labelSmoothing: z
      .number()
      .min(0)
      .max(1)
      .default(defaults.labelSmoothing ?? 0)
      .describe('share of the probability that training spreads over all tokens'),
    scheduledSampling: z
      .number()
      .min(0)
      .max(1)
      .default(defaults.scheduledSampling ?? 0)
      .describe('share of steps that are given the own last token instead of the true one, reached halfway'),
  }
}

const part = z.union([z.string(), z.looseObject({ type: z.string() })])

/** The config fields of a recurrent encoder and decoder. */
export function networkFields(defaults: { embeddingSize: number; hiddenSize: number; dropout: number }) {
  return {
    embeddingSize: z.int().min(1).default(defaults.embeddingSize).describe('size of a token vector'),
    hiddenSize: z.int().min(2).default(defaults.hiddenSize).describe('features of the hidden state of the decoder'),
    cell: part.default('gru').describe('recurrent cell, by name or { type, … }'),
    attention: z
      .union([part, z.null()])
      .transform((attention) => (attention === 'none' ? null : attention))
      .default('additive')
      .describe(
        "attention by name or { type, … }; 'none' for a decoder that starts from the encoder's last state alone",
      ),
    dropout: z.number().min(0).max(1).default(defaults.dropout).describe('dropout of vectors and before the output'),
  }
}

/** How many examples are held out. */
export function heldOutFields(defaults: { validation: number; test: number }) {
  return {
    validation: z
      .number()
      .positive()
      .default(defaults.validation)
      .describe('examples held out for validation: a number, or a share below 1'),
    test: z
      .number()
      .positive()
      .default(defaults.test)
      .describe('examples held out for the test: a number, or a share below 1'),
  }
}

/** A held-out part as asked for, but at most a tenth of the data: small files are not used up. */
export function heldOutShare(wanted: number, numExamples: number): number {
  return wanted >= 1 && wanted > numExamples / 10 ? 0.1 : wanted
}

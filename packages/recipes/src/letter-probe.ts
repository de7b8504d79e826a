import type { RandomStream } from '@heddle/core'
import type { LetterSequencesOptions, TextPair } from '@heddle/synthetic'
import { accuracyByLength, exactTexts, nearestText, pairedTexts, recipe, textToText } from '@heddle/tasks'
import * as z from 'zod'

interface LetterProbe {
  readonly name: string
  readonly summary: string
  /** Sequences of letters with what is to be written for them. */
  readonly pairs: (count: number, rng: RandomStream, options: LetterSequencesOptions) => readonly TextPair[]
}

/** A recipe that turns a sequence of letters into another one, and is tested on longer ones than training had. */
export function letterProbe({ name, summary, pairs }: LetterProbe) {
  const given = pairedTexts(name, { source: ['source'], target: ['target'] })
  return recipe({
    name,
    summary,
    task: textToText,
    data: {
      count: 10_000,
      validation: 300,
      test: 500,
      fields: {
        ...given.fields,
        longest: z.int().min(1).default(10).describe('letters of the longest built-in sequence in training'),
        longestTested: z
          .int()
          .min(1)
          .default(20)
          .describe('letters of the longest built-in sequence that is tested; outputs end at decoding.maxLength'),
      },
      format: 'a TSV file: source, target; or JSON lines or CSV with fields of these names',
      builtIn: ({ count, longest }, rng) => pairs(count, rng, { longest }),
      read: given.read,
    },
    defaults: {
      model: { type: 'recurrent-seq2seq', embeddingSize: 32, hiddenSize: 96, attention: 'additive' },
      tokenizer: { units: 'characters' },
      training: { steps: 600, batchSize: 64, learningRate: 6e-3, warmupSteps: 50, evaluateEvery: 200 },
      decoding: { maxLength: 64 },
      metrics: ['exactMatch', 'characterErrorRate'],
    },
    expected: { exactMatch: 0.98 },
    baseline: nearestText,
    exhibits: accuracyByLength({
      unit: 'letters',
      lengthOf: ({ source }) => source.length,
      areRight: exactTexts,
      longer: ({ longest, longestTested }, rng) => pairs(500, rng, { shortest: longest + 1, longest: longestTested }),
    }),
  })
}

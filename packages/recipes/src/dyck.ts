import { HeddleError } from '@heddle/core'
import { dataFiles, parseLines, splitOfFiles } from '@heddle/data'
import { dyckWords, MOST_KINDS, nextBrackets } from '@heddle/synthetic'
import { accuracyByLength, exactTags, mostFrequentTag, recipe, tokenClassification } from '@heddle/tasks'
import * as z from 'zod'

/**
 * Probe of nesting: for each prefix of balanced brackets, the set of brackets that may follow (Dyck-(k, m): k kinds, depth m).
 *
 * @see Hewitt et al. 2020, "RNNs can generate bounded hierarchical languages with optimal memory"; Suzgun et al. 2019, "LSTM
 * networks can perform dynamic counting" for the task
 */
export const dyck = recipe({
  name: 'dyck',
  summary: 'probe: which brackets may follow balanced ones of several kinds, also in longer texts than in training',
  task: tokenClassification,
  data: {
    count: 6000,
    validation: 300,
    test: 500,
    fields: {
      kinds: z.int().min(1).max(MOST_KINDS).default(3).describe('kinds of brackets'),
      depth: z.int().min(1).default(4).describe('largest number of brackets that are open at once'),
      longest: z.int().min(2).default(20).describe('brackets of the longest built-in text in training'),
      longestTested: z.int().min(2).default(60).describe('brackets of the longest built-in text that is tested'),
    },
    format: 'a text file, or several, with balanced brackets in each line: ([]{})',
    builtIn: ({ count, kinds, depth, longest }, rng) => dyckWords(count, rng, { kinds, depth, longest }),
    async read(source, { kinds, depth }) {
      const chosen = dataFiles(source)
      const { files, notes } = splitOfFiles(chosen.files)
      const examples = []
      for (const { file, split } of files) {
        const { rows } = parseLines(await file.bytes(), { file: file.name })
        for (const [i, line] of rows.entries()) {
          const brackets = [...line.replaceAll(/\s/gu, '')]
          if (brackets.length === 0) continue
          const tagged = nextBrackets(brackets, { kinds, depth }, `${file.name}:${i + 1}`)
          examples.push({ ...tagged, ...(split !== undefined && { split }) })
        }
      }
      if (examples.length > 0) return { examples, notes: [...chosen.notes, ...notes] }
      throw new HeddleError('data', `dyck: expected brackets in each line of ${source.name}, got none. Check the file.`)
    },
  },
  defaults: {
    // A label depends on the brackets before it alone.
    model: { type: 'recurrent-tagger', embeddingSize: 16, hiddenSize: 64, cell: 'lstm', bidirectional: false },
    training: { steps: 500, batchSize: 32, learningRate: 1e-2, warmupSteps: 30, evaluateEvery: 100, wordDropout: 0 },
  },
  expected: { accuracy: 0.99 },
  baseline: mostFrequentTag,
  exhibits: accuracyByLength({
    unit: 'brackets',
    lengthOf: ({ words }) => words.length,
    areRight: exactTags,
    longer: ({ kinds, depth, longest, longestTested }, rng) =>
      dyckWords(500, rng, { kinds, depth, shortest: longest + 1, longest: longestTested }),
  }),
})
